/** A project of the real Knex moves in: half applied by Knex, finished by Slipway, one rolled back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import makeKnex, { type Knex } from "knex";
import type { RepoConfig } from "slipway";
import { knexMigrations } from "slipway/compat/knex";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it, onTestFinished, vi } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { emptyProject, quietRelease, standing, writeFile } from "./project.ts";

const database = await freshDatabase();
afterAll(() => database.drop());

const bodies: { readonly [name: string]: string } = {
  create_users: `
exports.up = (knex) => knex.schema.createTable("users", (t) => {
  t.increments();
  t.string("email").notNullable().unique();
});
exports.down = (knex) => knex.schema.dropTable("users");`,
  create_orders: `
exports.up = async function (knex) {
  await knex.schema.createTable("orders", (t) => {
    t.increments();
    t.integer("user_id").references("users.id");
  });
  const [user] = await knex("users").insert({ email: "a@b.c" }).returning("id");
  await Promise.all([1, 2].map(() => knex("orders").insert({ user_id: user.id })));
};
exports.down = async (knex) => {
  await knex.schema.dropTable("orders");
  const removed = await knex("users").del();
  if (removed !== 1) throw new Error("removed " + removed);
};`,
  add_note: `
exports.up = async (knex) => {
  await knex.schema.alterTable("orders", (t) => t.string("note"));
  await knex.transaction(async (trx) => {
    await trx("orders").update({ note: "kept" });
    await trx.transaction((inner) => inner("orders").update({ note: "lost" }).then(() => { throw new Error("no"); })).catch(() => undefined);
  });
  const changed = await knex("orders").where({ note: "kept" }).update({ note: "seen" });
  if (changed !== 2) throw new Error("changed " + changed);
};
exports.down = (knex) => knex.schema.alterTable("orders", (t) => t.dropColumn("note"));`,
};

/** Made by Knex's own generator, with a body each. */
async function projectOf(knex: Knex): Promise<string> {
  const folder = emptyProject();
  writeFile(folder, "package.json", '{ "type": "commonjs" }');
  for (const [day, [name, body]] of Object.entries(bodies).entries()) {
    vi.useFakeTimers({ toFake: ["Date"], now: Date.UTC(2024, 0, day + 1) });
    const path = await knex.migrate.make(name, { directory: join(folder, "migrations") });
    vi.useRealTimers();
    writeFileSync(path, body);
  }
  return folder;
}

describe("a project of Knex", () => {
  it("on PostgreSQL is half applied by Knex, adopted, finished and rolled back", async () => {
    const knex = makeKnex({ client: "pg", connection: database.url });
    onTestFinished(() => knex.destroy());
    const folder = await projectOf(knex);
    const directory = join(folder, "migrations");
    await knex.migrate.up({ directory });
    const adapter = postgres({ url: database.url });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });

    await expect(release.migrate()).rejects.toThrow("Knex");
    expect(await release.adopt("main")).toMatchObject({
      tool: "knex",
      recorded: [{ name: "create_users" }],
    });
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ actions }) => actions.map(({ words }) => words))).toEqual([
      ["run code: Knex, up"],
      ["run code: Knex, up"],
    ]);
    await release.migrate();
    expect(await standing(release)).toEqual(["up create_users", "up create_orders", "up add_note"]);
    expect(await ask(database.url, "select note from orders")).toEqual([
      { note: "seen" },
      { note: "seen" },
    ]);

    await release.rollback("main", { step: 1 });
    expect(await standing(release)).toEqual([
      "up create_users",
      "up create_orders",
      "down add_note",
    ]);
    await release.migrate();
    await release.rollback("main", { all: true });
    expect(await standing(release)).toEqual([
      "down create_users",
      "down create_orders",
      "down add_note",
    ]);
    expect(await ask(database.url, "select to_regclass('users') as users")).toEqual([
      { users: null },
    ]);
  });

  it("on SQLite runs up, down and up", async () => {
    const folder = await projectOf(makeKnex({ client: "sqlite3" }));
    const adapter = sqlite({ path: join(folder, "test.db") });
    const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
    await release.migrate();
    await release.rollback("main", { step: 2 });
    expect(await standing(release)).toEqual([
      "up create_users",
      "down create_orders",
      "down add_note",
    ]);
    await release.migrate();
    const session = await adapter.open({ role: "work", application: "test" });
    expect(await session.query("select note from orders")).toEqual([
      { note: "seen" },
      { note: "seen" },
    ]);
    await session.close();
  });
});

describe("a module of Knex", () => {
  it("leaves nothing when it fails, and says what failed", async () => {
    const { release, adapter } = await oneModule(
      'exports.up = async (knex) => { await knex.schema.createTable("half", (t) => t.increments()); await knex("nowhere").insert({ a: 1 }); }; exports.down = () => {};',
    );
    await expect(release.migrate()).rejects.toThrow("nowhere");
    const session = await adapter.open({ role: "work", application: "test" });
    expect(await session.query("select name from sqlite_master where name = 'half'")).toEqual([]);
    await session.close();
  });

  it("runs outside of a transaction where its config says so", async () => {
    const { release } = await oneModule(
      "exports.config = { transaction: false }; exports.up = async (knex) => { if (knex.isTransaction) throw new Error('a transaction'); await knex.transaction((trx) => trx.schema.createTable('a', (t) => t.increments())); }; exports.down = () => {};",
    );
    await release.migrate();
    expect(await standing(release)).toEqual(["up a"]);
  });

  it.each([
    "exports.up = (knex) => knex.schema.createTable('a', (t) => t.increments());",
    "exports.up = async function (knex) {};",
    "exports.up = async (db) => {}; exports.config = { transaction: false };",
  ])("names the line that runs it, where the repo does not say whose it is: %s", async (body) => {
    const { release } = await oneModule(body, {});
    await expect(release.plan()).rejects.toMatchObject({
      code: "migration_invalid",
      message: "file 20240101000000_a.cjs: it is a migration of Knex",
      hint: 'To run it, add modules: knexMigrations() to its repo in release.ts, and import { knexMigrations } from "slipway/compat/knex".',
    });
  });

  it("stands beside migrations of Slipway", async () => {
    const { release, folder } = await oneModule(
      'exports.up = (knex) => knex.schema.createTable("a", (t) => t.increments()); exports.down = () => {};',
    );
    writeFile(
      folder,
      "20240102000000_b.ts",
      'import { defineMigration } from "slipway"; export default defineMigration({ up: (m) => m.execute("create table b (id int)"), down: (m) => m.execute("drop table b") });',
    );
    writeFile(folder, "20240103000000_c.sql", "create table c (id int);");
    const [plan] = await release.plan();
    expect(plan?.steps.map(({ actions }) => actions.at(-1)?.kind)).toEqual([
      "run",
      "statements",
      "statements",
    ]);
  });
});

const modules = knexMigrations();

async function oneModule(body: string, how: Pick<RepoConfig, "modules"> = { modules }) {
  const folder = emptyProject();
  writeFile(folder, "20240101000000_a.cjs", body);
  const adapter = sqlite({ path: join(folder, "test.db") });
  return { folder, adapter, release: quietRelease(folder, { adapter, migrations: ".", ...how }) };
}
