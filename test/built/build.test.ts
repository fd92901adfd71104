/** What `slipway release` makes, and what it refuses. */
import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshDatabase } from "../support/postgres.ts";
import { build, buildProject, folderOf, ran, writeProject } from "./support.ts";

let folder: ReturnType<typeof folderOf>;

beforeEach(() => {
  folder = folderOf("build");
});
afterEach(() => folder.remove());

const own = { SLIPWAY_NODE: process.execPath };
const lineOf = (stderr: string) => stderr.split("\n")[0];

describe("what is made", () => {
  it("two builds, in two places, are the same bytes, the archive too", async () => {
    const files = { "src/server.ts": 'import "../release.ts";\nexport const one = 1;\n' };
    const trees: ReturnType<typeof contentsOf>[] = [];
    for (const name of ["one", "another"]) {
      mkdirSync(join(folder.path, name), { recursive: true });
      const project = writeProject(join(folder.path, name), files);
      await buildProject(project, "--app", "src/server.ts", "--tar");
      trees.push(contentsOf(join(project, "_release")));
    }
    expect(Object.keys(trees[0]!).length).toBeGreaterThan(20);
    expect(trees[0]).toEqual(trees[1]);
  });

  it("the archive holds the folder, with its rights", async () => {
    const project = writeProject(folder.path, {});
    await buildProject(project, "--tar");
    rmSync(join(project, "_release/my_app"), { recursive: true });
    const { status } = spawnSync("tar", ["xzf", "my_app-2.0.0.tar.gz"], {
      cwd: join(project, "_release"),
    });
    expect(status).toBe(0);
    const { stdout } = await ran(
      join(project, "_release/my_app-2.0.0/bin/my_app"),
      ["verify", "--files"],
      { env: own },
    );
    expect(stdout).toMatch(/^files: all \d+ as they were built\n$/);
  });

  it("calls no address, holds no driver that is not used, and takes the project's overlays and env.sh", async () => {
    const project = writeProject(folder.path, {
      "release.ts": `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";

const url = () => {
  throw new Error("the address was asked for");
};
export const Release = defineRelease({ app: "my_app", repos: { main: { adapter: postgres({ url }) } } });
`,
      "rel/env.sh": "export FROM_ENV=$RELEASE_COMMAND\n",
      "rel/overlays/etc/my_app.conf": "port = 80\n",
    });
    const root = await buildProject(project);
    const scripts = readdirSync(join(root, "lib")).filter((name) => name.endsWith(".cjs"));
    const code = scripts.map((name) => readFileSync(join(root, "lib", name), "utf8")).join("");
    expect(
      ["mysql2", "node:sqlite", "pglite", "pg-native", "pg-pool"].filter((name) =>
        code.includes(name),
      ),
    ).toEqual([]);
    expect(readFileSync(join(root, "etc/my_app.conf"), "utf8")).toBe("port = 80\n");
    expect(
      (
        await ran(join(root, "bin/my_app"), ["eval", "console.log(process.env.FROM_ENV)"], {
          env: own,
        })
      ).stdout,
    ).toBe("eval\n");
  });

  it("a migration that throws names its line; one bundle serves every migration's helper", async () => {
    const project = writeProject(folder.path, {
      "db/helper.ts": "export function fail(): never {\n  throw new Error('helped');\n}\n",
      "db/main/migrations/2_fails.ts": `import { defineMigration } from "slipway";
import { fail } from "../../helper.ts";

export default defineMigration({
  up: (m) => {
    m.run(async () => fail());
  },
  down() {},
});
`,
    });
    const root = await buildProject(project);
    const database = await freshDatabase();
    const env = { ...own, DATABASE_URL: database.url, SLIPWAY_DEBUG: "1" };
    const { code, stderr } = await ran(join(root, "bin/my_app"), ["migrate"], { env });
    await database.drop();
    expect(code).toBe(1);
    expect(stderr).toMatch(/at \S+ \(db\/helper\.ts:2:9\)/);
    expect(stderr).toMatch(/at \S+ \(db\/main\/migrations\/2_fails\.ts:6:23\)/);
  });

  it("PGlite lies beside, and runs from there", async () => {
    const project = writeProject(folder.path, {
      "release.ts": `import { defineRelease, env } from "slipway";
import { pglite } from "slipway/pglite";

export const Release = defineRelease({
  app: "my_app",
  repos: { main: { adapter: pglite({ dataDir: () => env("DATA") }) } },
});
`,
    });
    const built = await buildProject(project);
    cpSync(built, join(folder.path, "elsewhere"), { recursive: true });
    rmSync(project, { recursive: true });
    const env = { ...own, DATA: join(folder.path, "data") };
    const bin = join(folder.path, "elsewhere/bin/my_app");
    expect(await ran(bin, ["migrate", "--quiet"], { env })).toMatchObject({ code: 0, stderr: "" });
    expect((await ran(bin, ["status"], { env })).stdout).toContain(
      "up        1               users\n",
    );
  });

  it("an app that is built already is taken as it is", async () => {
    const project = writeProject(folder.path, {
      "dist/server.js": "import { text } from './text.js';\nconsole.log(text);\n",
      "dist/text.js": "export const text = 'from dist';\n",
    });
    const root = await buildProject(project, "--app-dir", "dist");
    expect(await ran(join(root, "bin/server"), [], { env: own })).toEqual({
      code: 0,
      stdout: "from dist\n",
      stderr: "",
    });
  });

  it("one executable file has the same commands, with the same output", async () => {
    const project = writeProject(folder.path, {});
    const root = await buildProject(project);
    const one = join(folder.path, "one");
    expect(await build(["--sea", "--out", one], project)).toMatchObject({ code: 0 });
    expect(contentsOf(one, (path) => path)).toEqual({ "bin/my_app": "bin/my_app" });
    const database = await freshDatabase();
    const env = { ...own, DATABASE_URL: database.url };
    for (const words of [
      ["status"],
      ["version"],
      ["help"],
      ["nope"],
      ["plan"],
      ["eval", "console.log(Release.repos(), argv)", "a"],
    ]) {
      const results: unknown[] = [];
      for (const bin of [join(one, "bin/my_app"), join(root, "bin/my_app")])
        results.push(await ran(bin, words, { env }));
      expect(results[0]).toEqual(results[1]);
    }
    expect(await ran(join(one, "bin/my_app"), ["migrate", "--quiet"], { env })).toMatchObject({
      stderr: "",
      code: 0,
    });
    expect((await ran(join(root, "bin/my_app"), ["status"], { env })).stdout).toContain(
      "up        1 ",
    );
    await database.drop();
  }, 120_000);
});

describe("what is refused", () => {
  it("a release that is there already, unless it may go; and what is no release", async () => {
    const project = writeProject(folder.path, {});
    await buildProject(project);
    const again = await build([], project);
    expect([again.code, lineOf(again.stderr)]).toEqual([
      2,
      "error: _release/my_app exists already",
    ]);
    expect(await build(["--overwrite", "--quiet"], project)).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const other = await build(["--out", "db", "--overwrite"], project);
    expect(lineOf(other.stderr)).toMatch(/db is no release: it holds other things$/);
    expect(existsSync(join(project, "db/main/migrations/1_users.ts"))).toBe(true);
  });

  it.each([
    [
      "an app that is not there",
      { flags: ["--app", "src/nope.ts"] },
      /^error: there is no .*nope\.ts$/,
    ],
    [
      "a name that is none for a file",
      { files: { "release.ts": releaseNamed("my/app") } },
      /^error: app is my\/app, which is not a name for a file/,
    ],
    [
      "what cannot be found",
      { files: { "db/main/migrations/2_b.ts": 'import "./nope.ts";\n' } },
      /2_b\.ts cannot be loaded/,
    ],
    [
      "await at the top level of a release",
      { files: { "release.ts": `await 1;\n${releaseNamed("my_app")}` } },
      /^error: the release cannot be bundled: release\.ts:1: Top-level await/,
    ],
    [
      "PGlite in one file",
      {
        flags: ["--sea"],
        files: { "release.ts": releaseNamed("my_app", "pglite({ dataDir: 'x' })") },
      },
      /^error: this cannot be one executable file: @electric-sql\/pglite/,
    ],
  ])(
    "%s",
    async (_, { flags = [], files = {} }: { flags?: readonly string[]; files?: object }, line) => {
      const project = writeProject(folder.path, files as { [path: string]: string });
      const { code, stdout, stderr } = await build(flags, project);
      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(lineOf(stderr)).toMatch(line);
      expect(existsSync(join(project, "_release"))).toBe(false);
    },
  );

  it("a project without esbuild is told what to install", async () => {
    const project = writeProject(folder.path, {});
    const copy = join(folder.path, "slipway");
    for (const name of ["dist", "package.json"])
      cpSync(join(process.cwd(), name), join(copy, name), { recursive: true });
    mkdirSync(join(copy, "node_modules"));
    symlinkSync(join(process.cwd(), "node_modules/pg"), join(copy, "node_modules/pg"));
    rmSync(join(project, "node_modules/slipway"));
    symlinkSync(copy, join(project, "node_modules/slipway"));
    const { PATH = "" } = process.env;
    const given = await ran(process.execPath, [join(copy, "dist/cli/bin.js"), "release"], {
      cwd: project,
      env: { PATH },
    });
    expect(given).toEqual({
      code: 2,
      stdout: "",
      stderr:
        "error: a release is bundled with esbuild, which is not installed\nhint: Install it: npm install --save-dev esbuild\n",
    });
  });
});

function releaseNamed(app: string, adapter = "sqlite({ path: 'x.db' })"): string {
  const kind = adapter.replace(/\(.*/, "");
  return `import { defineRelease } from "slipway";
import { ${kind} } from "slipway/${kind}";

export const Release = defineRelease({ app: "${app}", repos: { main: { adapter: ${adapter} } } });
`;
}

/** Every file below a folder, by path. */
function contentsOf(
  root: string,
  read = (path: string) => readFileSync(join(root, path)).toString("base64"),
): { readonly [path: string]: string } {
  const paths = readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .toSorted();
  return Object.fromEntries(paths.map((path) => [path, read(path)]));
}
