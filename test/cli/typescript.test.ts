/** TypeScript that Node does not run by itself, in release.ts and in migrations, on the command line and in a build. */
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
afterEach(() => project.remove());

const folder = "db/main/migrations";
/** Comments and a file that it extends, as every framework writes them. */
const tsconfig = {
  "tsconfig.base.json": '{ "compilerOptions": { "experimentalDecorators": true, } }',
  "tsconfig.json": `{
  "extends": "./tsconfig.base.json", // shared
  "compilerOptions": { "baseUrl": ".", "paths": { "@/*": ["src/*"] } }
}`,
};
const sources = {
  "src/stage/index.ts": "export enum Stage { Test = 'test' }\n",
  // Says how often it was run: a module is one module, whoever imports it.
  "src/runs.ts":
    "const world = globalThis as { runs?: number };\nexport const runs = (world.runs = (world.runs ?? 0) + 1);\n",
  "src/names.ts": `import type { Stage } from "./stage";
function noted<T extends new (...given: never[]) => object>(value: T): T { return value; }
@noted
export class Names { constructor(readonly stage: Stage) {} }
`,
  "src/settings.json": '{ "file": "app.db" }',
};
const release = `import { join } from "node:path";
import { defineRelease, ReleaseConfig } from "slipway";
import { sqlite } from "slipway/sqlite";
import { Names } from "@/names";
import { runs } from "@/runs";
import settings from "@/settings.json";
import { Stage } from "./src/stage";

const config: ReleaseConfig = {
  app: new Names(Stage.Test).stage + runs,
  repos: { main: { adapter: sqlite({ path: join(HERE, settings.file) }) } },
};
export const Release = defineRelease(config);
`;
const create = (table: string, more = "") => `import { defineMigration } from "slipway";
${more}
export default defineMigration({ change: (m) => m.createTable(${table}, (t) => t.id()) });
`;
const migrations = {
  [`${folder}/1_enum.ts`]: create(
    `\`one_\${Stage.Test}_\${runs}\``,
    'import { Stage } from "@/stage";\nimport { runs } from "@/runs";',
  ),
  // Only the linker of Node refuses it: MigrationBuilder is a type.
  [`${folder}/2_type.ts`]: `import { defineMigration, MigrationBuilder } from "slipway";
import { runs } from "../../../src/runs.ts";
export default defineMigration({
  change(m: MigrationBuilder) {
    m.createTable(\`two_\${runs}\`, (t) => t.id());
  },
});
`,
  [`${folder}/3_line.ts`]: `import { defineMigration } from "slipway";
enum Column { Title = "title" }

export default defineMigration({
  change(m) {
    m.createTable("three", (t) => t.id());
    m.execute(\`select '\${Column.Title}'\`);
  },
});
`,
};

const make = (files: { readonly [path: string]: string } = {}) =>
  makeProject({
    ...tsconfig,
    ...sources,
    "release.ts": release.replace("HERE", "import.meta.dirname"),
    ...migrations,
    ...files,
  });

describe("with esbuild", () => {
  it("runs aliases, enums, decorators, JSON and imports without an ending, each module once", async () => {
    project = make();
    const migrated = await project.run(["migrate"]);
    expect(migrated).toMatchObject({ code: 0 });
    expect(migrated.stderr).toMatch(/create table one_test_1$/m);
    expect(migrated.stderr).toMatch(/create table two_1$/m);
    // The place in the file itself, not in what was made of it.
    const { code, stderr } = await project.run(["rollback", "main", "3", "--yes"]);
    expect({ code, stderr }).toMatchObject({
      code: 4,
      stderr: expect.stringContaining(`${folder}/3_line.ts:7: cannot reverse`),
    });
  });

  it("runs an enum of another file where package.json does not say what its modules are", async () => {
    const stage = "export enum Stage { Test = 'test' }\n";
    const file = `import { Stage } from "../../../src/stage";
import { defineMigration } from "slipway";
export default defineMigration({ change: (m) => m.createTable(\`is_\${Stage.Test}\`, (t) => t.id()) });
`;
    project = makeProject({
      "package.json": "{}",
      "src/stage.ts": stage,
      "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "a", repos: { main: { adapter: sqlite({ path: "a.db" }) } } });
`,
      [`${folder}/1_enum.ts`]: file,
    });
    const { code, stderr } = await project.run(["migrate"]);
    expect({ code, stderr }).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("create table is_test"),
    });
  });

  it("is built into a release", async () => {
    project = make({
      "release.ts": release
        .replace("join(HERE, settings.file)", "process.env.DB ?? settings.file")
        .replace("app: new Names(Stage.Test).stage + runs", 'app: "blog"'),
    });
    const built = await project.run(["release"]);
    expect(built).toMatchObject({ code: 0 });
    const manifest = join(project.folder, "_release/blog/releases/0.0.0/manifest.json");
    expect(readFileSync(manifest, "utf8")).toContain("one_test_1");
  });

  it("says where a module throws, and where its syntax is wrong, in the file itself", async () => {
    project = make({
      [`${folder}/4_throws.ts`]:
        'enum Never { Used }\n\nthrow new Error("not today");\nexport default {};\n',
      [`${folder}/5_syntax.ts`]: "enum Open { A }\nexport default {\n  change(m { },\n};\n",
    });
    const { code, stderr } = await project.run(["migrate"]);
    expect(code).toBe(2);
    expect(stderr).toContain(`4_throws.ts cannot be loaded: not today (${folder}/4_throws.ts:3)`);
    expect(stderr).toMatch(/5_syntax\.ts cannot be loaded: .*5_syntax\.ts:3\)/);
  });

  it("runs projects of CommonJS, with .cts and .mts among them", async () => {
    project = make({
      "package.json": '{ "name": "my-app", "type": "commonjs" }',
      "release.ts": release.replace("HERE", "__dirname"),
      [`${folder}/4_c.cts`]: create('"four" + Kind.A', "enum Kind { A }"),
      [`${folder}/5_m.mts`]: create(`\`five\${Kind.A}\``, "enum Kind { A }"),
    });
    const migrated = await project.run(["migrate"]);
    expect(migrated).toMatchObject({ code: 0 });
    expect(migrated.stderr).not.toContain("Failed to load the ES module");
    for (const table of ["one_test_1", "two_1", "three", "four0", "five0"])
      expect(migrated.stderr).toMatch(new RegExp(`create table ${table}$`, "m"));
  });
});

it("without esbuild it says how to get it", async () => {
  project = make();
  const slipway = resolve(import.meta.dirname, "../..");
  const alone = join(project.folder, "node_modules/slipway");
  rmSync(alone);
  mkdirSync(alone);
  for (const part of ["dist", "package.json"])
    cpSync(join(slipway, part), join(alone, part), { recursive: true });
  const { code, stderr } = await project.run(["status"], {
    bin: join(alone, "dist/cli/bin.js"),
  });
  expect(code).toBe(2);
  expect(stderr).toContain(
    "; Node runs TypeScript only by leaving its types out, for more: npm install --save-dev esbuild",
  );

  // A project of CommonJS, which would break if it became one of modules.
  writeFileSync(join(project.folder, "package.json"), '{ "name": "app", "type": "commonjs" }');
  const again = await project.run(["status"], { bin: join(alone, "dist/cli/bin.js") });
  expect(again.code).toBe(2);
  expect(again.stderr).toMatch(
    /^error: .*Cannot use import statement outside a module \(release\.ts:1\); .*npm install --save-dev esbuild$/m,
  );
  expect(again.stderr).not.toContain("Warning");
});
