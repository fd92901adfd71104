/** A project of the real node-pg-migrate moves in: half applied by it, finished by Slipway, one rolled back. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Migration, runner } from "node-pg-migrate";
import { nodePgMigrations } from "slipway/compat/node-pg-migrate";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { emptyProject, quietRelease, standing, writeFile } from "./project.ts";

const database = await freshDatabase();
afterAll(() => database.drop());
const modules = nodePgMigrations();

const bodies: { readonly [name: string]: string } = {
  "create-users": `export const shorthands = { key: { type: "integer", primaryKey: true } };
export const up = (pgm) => { pgm.createTable("users", { id: "key", email: { type: "text" } }); };`,
  "fill-users": `export const up = async (pgm) => {
  const [{ n }] = await pgm.db.select("select count(*)::int as n from users");
  pgm.sql("insert into users values (" + (n + 1) + ", 'a')");
};
export const down = (pgm, run) => { pgm.sql("delete from users"); run(); };`,
  "index-users": `export const up = (pgm) => {
  pgm.noTransaction();
  pgm.createIndex("users", "email", { concurrently: true });
};`,
};

/** Made by its own generator, with a body each. */
async function projectOf(): Promise<string> {
  const folder = emptyProject();
  for (const [name, body] of Object.entries(bodies)) {
    const path = await Migration.create(name, join(folder, "migrations"), {
      language: "js",
      filenameFormat: "index",
    });
    writeFileSync(path, body);
  }
  writeFile(folder, "package.json", '{ "type": "module" }');
  return folder;
}

it("is half applied by node-pg-migrate, adopted, finished and rolled back", async () => {
  const folder = await projectOf();
  await runner({
    databaseUrl: database.url,
    dir: join(folder, "migrations"),
    direction: "up",
    count: 1,
    migrationsTable: "pgmigrations",
    log: () => undefined,
  });
  const adapter = postgres({ url: database.url });
  const release = quietRelease(folder, { adapter, migrations: "migrations", modules });
  expect((await release.adopt("main")).recorded).toMatchObject([{ name: "create-users" }]);
  const [plan] = await release.plan();
  expect(plan?.steps.map(({ transactional }) => transactional)).toEqual([true, false]);
  await release.migrate();
  expect(await standing(release)).toEqual(["up create-users", "up fill-users", "up index-users"]);
  expect(await ask(database.url, "select id from users")).toEqual([{ id: 1 }]);
  await release.rollback("main", { step: 2 });
  expect(await ask(database.url, "select id from users")).toEqual([]);
  await release.rollback("main", { all: true });
  expect(await ask(database.url, "select to_regclass('users') as it")).toEqual([{ it: null }]);
});

it("names the line that runs it, and refuses another database", async () => {
  const folder = await projectOf();
  const plan = (how: object) =>
    quietRelease(folder, { migrations: "migrations", ...how } as never).plan();
  const adapter = sqlite({ path: ":memory:" });
  await expect(plan({ adapter })).rejects.toThrow("it is a migration of node-pg-migrate");
  await expect(plan({ adapter, modules })).rejects.toThrow("runs on PostgreSQL only");
});
