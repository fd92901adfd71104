/** What only looks makes no database, and says that there is none. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { makeProject, type Project } from "./project.ts";

let project: Project;
beforeAll(() => {
  project = makeProject({
    "release.ts": `import { defineRelease } from "slipway";
import { pglite } from "slipway/pglite";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({
  app: "blog",
  repos: {
    main: { adapter: pglite({ dataDir: "data/main" }) },
    side: { adapter: sqlite({ path: "data-side.db" }) },
  },
});
`,
    "db/main/migrations/20240101000000_create_posts.sql":
      "-- migrate:up\ncreate table posts (id bigint primary key);\n-- migrate:down\ndrop table posts;\n",
    "db/side/migrations/20240101000000_create_notes.sql":
      "-- migrate:up\ncreate table notes (id integer primary key);\n-- migrate:down\ndrop table notes;\n",
  });
});
afterAll(() => project.remove());

const absent = "there is no database at pglite:data/main yet; make it: slipway migrate";

const looks: readonly (readonly [readonly string[], number, "told" | "as JSON" | "silent"])[] = [
  [["status"], 0, "told"],
  [["status", "--plain"], 0, "told"],
  [["status", "--json", "--data"], 0, "as JSON"],
  [["plan"], 0, "told"],
  [["migrate", "--dry-run"], 0, "told"],
  [["verify"], 3, "told"],
  [["verify", "--schema"], 2, "told"],
  [["history"], 0, "told"],
  [["backfill", "list"], 0, "told"],
  [["dump"], 0, "told"],
  [["facts"], 0, "told"],
  [["check"], 0, "told"],
  [["tables"], 0, "silent"],
  [["wait", "--timeout", "0"], 3, "silent"],
];

it.each(looks)("%j", async (command, expected, told) => {
  const { code, stderr } = await project.run(command);
  for (const made of ["data", "data-side.db", "data.lock"])
    expect(existsSync(join(project.folder, made)), made).toBe(false);
  expect(code).toBe(expected);
  const lines = stderr.split("\n").filter((line) => line.includes("no database"));
  if (told === "silent") expect(lines).toEqual([]);
  else if (told === "told") expect(lines).toContain(`warning: repo main: ${absent}`);
  else
    expect(lines.map((line) => JSON.parse(line))).toContainEqual({
      ...{ type: "warning", repo: "main", code: "database_absent", message: absent },
      details: { target: "pglite:data/main" },
    });
});

it("and nothing is said once it is there", async () => {
  expect((await project.run(["migrate"])).code).toBe(0);
  const { code, stdout, stderr } = await project.run(["status"]);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout.match(/^ {2}up /gm)).toHaveLength(2);
});
