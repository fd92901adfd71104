/** A command loads the rooms that it needs: what a run has no use for stays on the disk. */

import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, expect, it } from "vitest";
import { makePgliteFolder } from "../support/pglite.ts";
import { makeProject, type Project } from "./project.ts";

const dist = join(import.meta.dirname, "../../dist");
const counter = pathToFileURL(join(import.meta.dirname, "count-loaded.mjs"));

let project: Project;
afterEach(() => project.remove());

const table = (name: string) =>
  `import { defineMigration } from "slipway";
export default defineMigration({ change(m) { m.createTable("${name}", (t) => { t.id(); }); } });
`;

/**
 * What is loaded today. Five in a hundred more fail. A file of the package holds several modules; each file is found,
 * read and linked by itself, so they stay few.
 */
type Loaded = { readonly files: number; readonly modules: number; readonly kilobytes: number };
const cases: readonly (readonly [string, string, { readonly [kind: string]: Loaded }])[] = [
  [
    "sqlite",
    'sqlite({ path: "blog.sqlite" })',
    {
      one: { files: 58, modules: 299, kilobytes: 624 },
      none: { files: 16, modules: 227, kilobytes: 435 },
      status: { files: 17, modules: 230, kilobytes: 447 },
    },
  ],
  [
    "pglite",
    'pglite({ dataDir: "data" })',
    {
      one: { files: 74, modules: 564, kilobytes: 1314 },
      none: { files: 21, modules: 253, kilobytes: 491 },
      status: { files: 22, modules: 255, kilobytes: 500 },
    },
  ],
];

it.each(cases)(
  "a command on %s loads what it needs",
  async (adapter, opened, limits) => {
    project = makeProject({
      "release.ts": `import { defineRelease } from "slipway";
import { ${adapter} } from "slipway/${adapter}";
export default defineRelease({ app: "blog", repos: { main: { adapter: ${opened} } } });
`,
      "db/main/migrations/1_users.ts": table("users"),
      "db/main/migrations/2_posts.ts": table("posts"),
    });
    if (adapter === "pglite") makePgliteFolder(join(project.folder, "data"));
    expect((await project.run(["migrate", "--step", "1"])).code).toBe(0);
    const one = await loadedBy(["migrate", "--step", "1"], "create table posts");
    const none = await loadedBy(["migrate", "--step", "1"], "Migrations already up");
    const status = await loadedBy(["status"], "");
    for (const [kind, { files, modules, kilobytes }] of Object.entries({ one, none, status })) {
      const limit = limits[kind]!;
      console.log(
        `${kind} on ${adapter}: ${modules.size} modules in ${files} files, ${kilobytes.toFixed(0)} kB`,
      );
      expect(files, kind).toBeLessThanOrEqual(limit.files * 1.05);
      expect(modules.size).toBeGreaterThan(limit.modules * 0.8);
      expect(modules.size, kind).toBeLessThanOrEqual(limit.modules * 1.05);
      expect(kilobytes, kind).toBeLessThanOrEqual(limit.kilobytes * 1.05);
    }
    // Node compiles its own modules anew once a flag of V8 was set, so whoever has nothing to do sets none.
    expect([none.flags, status.flags]).toEqual([[], []]);
    expect(one.flags).toContain("--semi-space-growth-factor=1");
    expect(one.flags.includes("--no-wasm-tier-up")).toBe(adapter === "pglite");
    const has = ({ modules }: typeof one, module: string) => modules.has(module);
    const idle = [...one.modules].filter((module) => /^(backfill|fleet|histories)\//.test(module));
    // The schema that a run keeps leaves out Slipway's own tables: those of fleets are named among them.
    expect(idle.filter((module) => module !== "fleet/tables.ts")).toEqual([]);
    // PostgreSQL's rules are asked about everything, SQLite's about one pragma; the compiler is for what runs.
    expect(has(one, "core/safety/rules/index.ts")).toBe(adapter === "pglite");
    expect(has(one, "core/plan/prepare.ts")).toBe(true);
    expect(has(none, "core/plan/prepare.ts") || has(status, "engine/run.ts")).toBe(false);
  },
  180_000,
);

it("loads of pg what a client needs, and no pool", async () => {
  project = makeProject({
    "release.ts": `import { defineRelease } from "slipway";
import { postgres } from "slipway/postgres";
const adapter = postgres({ url: "postgres://127.0.0.1:1/nowhere" });
export default defineRelease({ app: "blog", repos: { main: { adapter } } });
`,
  });
  const ran = await project.run(["status"], { env: { NODE_OPTIONS: `--import=${counter}` } });
  expect(ran.code).not.toBe(0);
  expect(ran.stderr).toContain("127.0.0.1:1");
  const others: string[] = JSON.parse(readFileSync(join(project.folder, "others.json"), "utf8"));
  expect(others).toContain("pg/lib/client.js");
  expect(
    others.filter((file) => /^pg-pool\/|^pg\/(?:esm|lib\/native|lib\/index)/.test(file)),
  ).toEqual([]);
  expect(others.length).toBeLessThanOrEqual(30);
}, 60_000);

async function loadedBy(
  args: readonly string[],
  said: string,
): Promise<{
  readonly files: number;
  readonly modules: ReadonlySet<string>;
  readonly kilobytes: number;
  readonly flags: readonly string[];
}> {
  const ran = await project.run(args, { env: { NODE_OPTIONS: `--import=${counter}` } });
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain(said);
  const files: string[] = JSON.parse(readFileSync(join(project.folder, "loaded.json"), "utf8"));
  const flags: string[] = JSON.parse(readFileSync(join(project.folder, "flags.json"), "utf8"));
  expect(files.length).toBeGreaterThan(10);
  const sizes = files.map((file) => statSync(join(dist, file)).size / 1000);
  return {
    files: files.length,
    modules: new Set(files.flatMap(modulesOf)),
    kilobytes: sizes.reduce((sum, size) => sum + size, 0),
    flags,
  };
}

/** The modules that esbuild has put into a file. */
function modulesOf(file: string): readonly string[] {
  const { sources } = JSON.parse(readFileSync(join(dist, `${file}.map`), "utf8"));
  return (sources as string[]).map((source) => source.replace(/^(\.\.\/)+src\//, ""));
}
