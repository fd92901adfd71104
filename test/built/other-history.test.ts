/** A built release runs nothing beside another tool's history, and finds its own where that was in the way. */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, expect, it } from "vitest";
import { makeProject } from "../cli/project.ts";
import { ran } from "./support.ts";

const project = makeProject({
  "release.ts": `import { defineRelease } from "slipway";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({ app: "blog", repos: { main: { adapter: sqlite({ path: process.env.DATABASE ?? "" }), migrations: "m", otherHistories: process.env.IGNORE ? "ignore" : "refuse" } } });
`,
  "m/1_t.sql": "create table if not exists t (a int);\n",
  "m/2_t.sql": "insert into t values (2);\n",
});
afterAll(() => project.remove());

const out = join(project.folder, "out");
const at = (name: string) => join(project.folder, name);
const bin = (database: string, args: readonly string[], env: { [name: string]: string } = {}) =>
  ran(join(out, "bin/blog"), args, {
    env: { ...(process.env as { [name: string]: string }), DATABASE: at(database), ...env },
  });

function run(database: string, sql: string): void {
  const open = new DatabaseSync(at(database));
  open.exec(sql);
  open.close();
}

it("is built", { timeout: 120_000 }, async () => {
  const built = await project.run(["release", "--out", out]);
  expect(built.code, built.stderr).toBe(0);
});

it("stops while another tool's history is filled and its own is empty", async () => {
  run(
    "knex.db",
    `create table knex_migrations (id integer primary key, name varchar(255), batch int, migration_time datetime);
     create table knex_migrations_lock (idx integer primary key, is_locked int);
     insert into knex_migrations (name, batch) values ('1_t.sql', 1);
     create table t (a int)`,
  );
  for (const command of ["status", "plan", "migrate", "wait"]) {
    const { code, stderr } = await bin("knex.db", [command]);
    expect([command, code]).toEqual([command, 2]);
    expect(stderr).toContain(
      "repo main: the table knex_migrations is the history of Knex, not Slipway's",
    );
  }
  expect((await bin("knex.db", ["migrate"], { IGNORE: "1" })).code).toBe(0);
});

it("finds its own history when the table of the usual name is gone", async () => {
  run("go.db", "create table schema_migrations (version bigint primary key, dirty bool)");
  expect((await bin("go.db", ["migrate"])).stderr).toContain("slipway_migrations");
  run("go.db", "drop table schema_migrations");
  const { code, stdout, stderr } = await bin("go.db", ["migrate"]);
  expect([code, stdout + stderr]).toEqual([0, expect.stringContaining("already up")]);
  expect(stderr).toContain("schema_migrations tells of nothing and slipway_migrations does");
});
