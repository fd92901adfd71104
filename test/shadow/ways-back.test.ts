/** What code sends on its way back is known to the history, so a release without the file can roll it back. */

import { rmSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { ran } from "../built/support.ts";
import { documentOf, makeProject, type Project } from "../cli/project.ts";

let project: Project;
afterEach(() => project.remove());

const release = `
import { defineRelease } from "slipway";
import { knexMigrations } from "slipway/compat/knex";
import { sqlite } from "slipway/sqlite";
export const Release = defineRelease({
  app: "shop",
  repos: { main: { adapter: sqlite({ path: process.env.DATABASE ?? "data" }), migrations: "migrations", modules: knexMigrations() } },
});
`;
const [users, second, third] = [
  "20240101000000_users.js",
  "20240102000000_second.js",
  "20240103000000_third.js",
];
const files = {
  "package.json": '{ "type": "commonjs" }',
  "release.mts": release,
  [`migrations/${users}`]:
    'exports.up = (knex) => knex.schema.createTable("users", (t) => { t.increments(); t.string("email"); }); exports.down = (knex) => knex.schema.dropTable("users");',
  [`migrations/${second}`]:
    'exports.up = (knex) => knex.schema.createTable("tags", (t) => t.increments()); exports.down = async (knex) => { await knex("users").where({ email: "tags" }).del(); await knex.schema.dropTable("tags"); };',
  [`migrations/${third}`]:
    'exports.up = (knex) => knex.schema.createTable("seen", (t) => t.increments()); exports.down = async (knex) => { for (const { id } of await knex("users")) await knex("users").where({ id }).del(); await knex.schema.dropTable("seen"); };',
};

function tablesOf(path: string): readonly string[] {
  const database = new DatabaseSync(path);
  const rows = database
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sl%' order by 1",
    )
    .all();
  database.close();
  return rows.map(({ name }) => String(name)).filter((name) => !/^s(?:qlite|chema)_/.test(name));
}

describe("a built release", { timeout: 240_000 }, () => {
  it("keeps what a way back sends, and says of which it does not know", async () => {
    project = makeProject(files);
    const database = join(project.folder, "shop.db");
    const env = { ...(process.env as { [name: string]: string }), DATABASE: database };
    const build = (out: string) =>
      project.run(["release", "--release", "release.mts", "--out", out]);
    const built = await build("with");
    expect([built.code, built.stderr]).toEqual([
      0,
      "* repo main: runs the code of Knex up and down on a shadow, to keep what its ways back send; --untried runs none\nwarning: a release without their files cannot roll these migrations of Knex back, in repo main: 20240103000000_third (it reads rows)\n",
    ]);
    expect(project.has("data")).toBe(false);
    const bin = (out: string, ...args: readonly string[]) =>
      ran(join(project.folder, out, "bin/shop"), args, { env });
    const went = await bin("with", "migrate");
    expect([went.code, went.stderr]).toEqual([0, expect.any(String)]);
    expect(tablesOf(database)).toEqual(["seen", "tags", "users"]);

    for (const name of [second, third]) rmSync(join(project.folder, "migrations", name));
    expect((await build("without")).code).toBe(0);
    const refused = await bin("without", "rollback", "main", "20240103000000");
    expect(refused.code).toBe(4);
    expect(refused.stderr).toContain(
      "its way back runs code (Knex, down); going up it sent create table `seen`",
    );

    const back = await bin("with", "rollback", "main", "20240103000000");
    expect([back.code, tablesOf(database)]).toEqual([0, ["tags", "users"]]);
    const rolled = await bin("without", "rollback", "main", "20240102000000");
    expect([rolled.code, tablesOf(database)]).toEqual([0, ["users"]]);
    expect(rolled.stderr + rolled.stdout).toContain("delete from `users` where `email` = ?");
  });

  it("goes on behind a way back that does nothing, and names one that leaves what it made", async () => {
    const users = "20240101000000_users.js";
    const idle = files[`migrations/${users}`]!.replace(
      /exports\.down = .*$/,
      "exports.down = () => {};",
    );
    project = makeProject({ ...files, [`migrations/${users}`]: idle });
    const build = async () => {
      const { code, stderr } = await project.run([
        "release",
        "--release",
        "release.mts",
        "--overwrite",
      ]);
      expect(code).toBe(0);
      return stderr;
    };
    expect(await build()).toMatch(/in repo main: 20240103000000_third \(it reads rows\)\n$/);
    const half = idle.replace("() => {}", '(knex) => knex.raw("select 1")');
    project.write(`migrations/${users}`, half);
    expect(await build()).toContain(
      "20240102000000_second (the way up of 20240101000000_users fails: ",
    );
  });

  it("tries none with --untried", async () => {
    project = makeProject({
      ...files,
      [`migrations/${second}`]:
        'exports.up = () => { throw new Error("it ran"); }; exports.down = () => {};',
    });
    const built = await project.run(["release", "--release", "release.mts", "--untried"]);
    expect([built.code, built.stderr]).toEqual([0, ""]);
    const tried = await project.run(["release", "--release", "release.mts", "--overwrite"]);
    expect(tried.stderr).toContain(
      "20240102000000_second (the way up of 20240102000000_second fails: it ran), 20240103000000_third (the way up of 20240102000000_second fails: it ran)",
    );
  });
});

describe("plan --trace", { timeout: 120_000 }, () => {
  it("shows the SQL of code, and what it depends on", async () => {
    project = makeProject({
      ...files,
      [`migrations/${third}`]:
        'exports.up = async (knex) => { for (const { id } of await knex("users")) await knex("tags").insert({ id }); }; exports.down = () => {};',
    });
    const ran = await project.run(["plan", "--trace", "--release", "release.mts"]);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stdout).toContain("Knex, up, as a shadow heard it");
    expect(ran.stdout).toContain(
      "create table `tags` (`id` integer not null primary key autoincrement)",
    );
    expect(ran.stdout).toContain("-- it reads rows, and the shadow has none");
    expect(project.has("data")).toBe(false);
    const json = documentOf(
      await project.run(["plan", "--trace", "--release", "release.mts", "--json"]),
    ) as { repos: { steps: { actions: { kind: string }[] }[] }[] };
    const kinds = json.repos[0]!.steps.flatMap(({ actions }) => actions.map(({ kind }) => kind));
    expect(new Set(kinds)).toEqual(new Set(["statements"]));
  });
});
