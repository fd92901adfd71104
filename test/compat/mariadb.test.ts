/** Modules of Knex and Kysely on MariaDB, where a migration is in no transaction and one that it begins is its own. */
import { knexMigrations } from "slipway/compat/knex";
import { kyselyMigrations } from "slipway/compat/kysely";
import { describe, expect, it } from "vitest";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { emptyProject, quietRelease, writeFile } from "./project.ts";

const server = await mariadbOfRun();

const knex = `
exports.up = async (knex) => {
  await knex.schema.createTable("users", (t) => { t.integer("id").primary(); });
  await knex.transaction((trx) => trx("users").insert({ id: 1 }));
  await knex.transaction(async (trx) => {
    await trx("users").insert({ id: 2 });
    throw new Error("no");
  }).catch(() => undefined);
};
exports.down = (knex) => knex.schema.dropTable("users");`;

const kysely = `
exports.up = async (db) => {
  await db.schema.createTable("users").addColumn("id", "integer", (c) => c.primaryKey()).execute();
  await db.transaction().execute((trx) => trx.insertInto("users").values({ id: 1 }).execute());
  await db.transaction().execute(async (trx) => {
    await trx.insertInto("users").values({ id: 2 }).execute();
    throw new Error("no");
  }).catch(() => undefined);
};
exports.down = (db) => db.schema.dropTable("users").execute();`;

describe.skipIf(server === undefined)("on MariaDB", () => {
  it.each([
    ["Knex", knex, knexMigrations()],
    ["Kysely", kysely, kyselyMigrations()],
  ] as const)("a migration of %s runs, and comes back", async (_, text, modules) => {
    const database = await freshMysql(server?.url ?? "");
    const folder = emptyProject();
    writeFile(folder, "package.json", '{ "type": "commonjs" }');
    writeFile(folder, "migrations/20240101000000_users.js", text);
    const { adapter } = database;
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await release.migrate();
    expect((await database.query("select id from users")).map(({ id }) => Number(id))).toEqual([1]);
    await release.rollback("main", 20240101000000);
    expect(await database.query("show tables like 'users'")).toEqual([]);
    await database.dispose();
  });
});
