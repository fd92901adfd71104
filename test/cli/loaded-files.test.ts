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

it.each([
  ["sqlite", 'sqlite({ path: "blog.sqlite" })', { files: 110, modules: 340 }],
  ["pglite", 'pglite({ dataDir: "data" })', { files: 117, modules: 485 }],
])(
  "migrate --step 1 on %s",
  async (adapter, opened, limit) => {
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
    const env = { NODE_OPTIONS: `--import=${counter}` };
    const ran = await project.run(["migrate", "--step", "1"], { env });
    expect(ran.stderr).toContain("create table posts");
    const files: string[] = JSON.parse(readFileSync(join(project.folder, "loaded.json"), "utf8"));
    const modules = new Set(files.flatMap(modulesOf));
    console.log(
      `migrate --step 1 on ${adapter}: ${files.length} files, of ${modules.size} modules`,
    );
    expect(files.length).toBeGreaterThan(20);
    expect(files.length).toBeLessThanOrEqual(limit.files);
    expect(modules.size).toBeLessThanOrEqual(limit.modules);
    const idle = [...modules].filter((one) => /^(backfill|histories)\//.test(one));
    expect(idle).toEqual([]);
    // PostgreSQL's rules are asked about everything, SQLite's about one pragma.
    expect(modules.has("core/safety/rules/index.ts")).toBe(adapter === "pglite");
  },
  180_000,
);

/** The modules that esbuild has put into a file. */
function modulesOf(file: string): readonly string[] {
  const { sources } = JSON.parse(readFileSync(join(dist, `${file}.map`), "utf8"));
  return (sources as string[]).map((source) => source.replace(/^(\.\.\/)+src\//, ""));
}
