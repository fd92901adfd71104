/** A command loads the rooms that it needs: what a run has no use for stays on the disk. */

import { readFileSync } from "node:fs";
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

/** So many modules are loaded, of which each limit allows five in a hundred more. */
const cases: readonly (readonly [string, string, { [kind: string]: number }])[] = [
  ["sqlite", 'sqlite({ path: "blog.sqlite" })', { one: 288, none: 215, status: 204 }],
  ["pglite", 'pglite({ dataDir: "data" })', { one: 487, none: 239, status: 228 }],
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
    const sizes = { one: one.size, none: none.size, status: status.size };
    console.log(`modules loaded on ${adapter}: ${JSON.stringify(sizes)}`);
    for (const [kind, size] of Object.entries(sizes)) {
      expect(size).toBeGreaterThan(100);
      expect(size, kind).toBeLessThanOrEqual(limits[kind]!);
    }
    const idle = [...one].filter((module) => /^(backfill|histories)\//.test(module));
    expect(idle).toEqual([]);
    // PostgreSQL's rules are asked about everything, SQLite's about one pragma; the compiler is for what runs.
    expect(one.has("core/safety/rules/index.ts")).toBe(adapter === "pglite");
    expect(one.has("core/plan/prepare.ts")).toBe(true);
    expect(none.has("core/plan/prepare.ts") || status.has("engine/run.ts")).toBe(false);
  },
  180_000,
);

async function loadedBy(args: readonly string[], said: string): Promise<ReadonlySet<string>> {
  const ran = await project.run(args, { env: { NODE_OPTIONS: `--import=${counter}` } });
  expect(ran.code).toBe(0);
  expect(ran.stderr).toContain(said);
  const files: string[] = JSON.parse(readFileSync(join(project.folder, "loaded.json"), "utf8"));
  expect(files.length).toBeGreaterThan(20);
  return new Set(files.flatMap(modulesOf));
}

/** The modules that esbuild has put into a file. */
function modulesOf(file: string): readonly string[] {
  const { sources } = JSON.parse(readFileSync(join(dist, `${file}.map`), "utf8"));
  return (sources as string[]).map((source) => source.replace(/^(\.\.\/)+src\//, ""));
}
