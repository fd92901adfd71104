/** What `eval` does to a database ends as the command does: the same exit code, the same words. */
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { asSuperuser, type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { buildProject, folderOf, ran, writeProject } from "./support.ts";

const folder = folderOf("eval-ends");
let root = "";
let database: FreshDatabase;
const bin = (...args: readonly string[]) =>
  ran(join(root, "bin/my_app"), args, {
    env: { SLIPWAY_NODE: process.execPath, DATABASE_URL: database.url },
  });

beforeAll(async () => {
  const project = writeProject(folder.path, {
    "db/main/migrations/2_users_name.sql":
      "-- migrate:up\nalter table users add column name text;\n-- migrate:down\nalter table users drop column name;\n",
    "db/main/migrations/3_users_by_name.sql": "create index users_by_name on users (name);\n",
  });
  root = await buildProject(project, "--quiet");
  database = await freshDatabase();
  expect(await bin("migrate", "--to", "2", "--quiet")).toMatchObject({ code: 0 });
  await asSuperuser(
    database.url,
    "insert into users (id) select i from generate_series(1, 20000) i",
  );
});
afterAll(async () => {
  folder.remove();
  await database.drop();
});

it.each([
  ["a refused migration", ["migrate"], "Release.migrate()", 4],
  ["a version that is not applied", ["rollback", "main", "3"], 'Release.rollback("main", 3)', 0],
  ["a version that is nowhere", ["rollback", "main", "9"], 'Release.rollback("main", 9)', 2],
  ["a repo that is nowhere", ["rollback", "other", "2"], 'Release.rollback("other", 2)', 2],
] as const)("%s", async (_, command, expression, code) => {
  const byCommand = await bin(...command);
  const byEval = await bin("eval", expression);
  expect({ command: byCommand.code, eval: byEval.code }).toEqual({ command: code, eval: code });
  expect(byEval.stderr).toBe(byCommand.stderr);
  expect(byEval.stderr).not.toMatch(/^ {4}at /m);
});
