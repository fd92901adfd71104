/** The databases that every test of behaviour runs on. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import pg from "pg";
import { afterAll, inject } from "vitest";
import type { Adapter, Row } from "../../src/adapters/adapter.ts";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { startPgbouncer } from "./pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "./postgres.ts";

/** An empty database of a test's own. */
export type TestDatabase = {
  readonly adapter: Adapter;
  /** Runs one statement on a connection of its own. */
  query(sql: string): Promise<readonly Row[]>;
  /** The tables that a user would see, sorted, without those of Slipway. */
  tables(): Promise<readonly string[]>;
  dispose(): Promise<void>;
};

export type DatabaseKind = "pglite" | "sqlite" | "postgres";

export const databaseKinds: readonly DatabaseKind[] = ["pglite", "sqlite", "postgres"];

/** An empty database. PGlite is one instance per test file, emptied between two uses, because opening it is slow. */
export async function testDatabase(kind: DatabaseKind): Promise<TestDatabase> {
  switch (kind) {
    case "pglite":
      return onPglite();
    case "sqlite":
      return onSqlite();
    case "postgres":
      return onPostgres();
  }
}

let shared: Promise<PGlite> | undefined;

async function onPglite(): Promise<TestDatabase> {
  shared ??= import("./pglite.ts").then(({ openPglite }) => openPglite());
  const client = await shared;
  await client.exec("rollback; drop schema if exists public cascade; create schema public;");
  return { ...withQueries(pglite({ client }), pgTables), dispose: async () => undefined };
}

afterAll(async () => {
  await (await shared)?.close();
  shared = undefined;
  await (await pooler)?.stop();
  pooler = undefined;
});

async function onSqlite(): Promise<TestDatabase> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-test-"));
  const adapter = sqlite({ path: join(folder, "test.db") });
  const dispose = async () => rmSync(folder, { recursive: true, force: true });
  return { ...withQueries(adapter, sqliteTables), dispose };
}

async function onPostgres(): Promise<TestDatabase> {
  const database = leastRights ? await ofMigrator() : await freshDatabase();
  const url = pooled ? await throughPooler(database.url) : database.url;
  return { ...withQueries(postgres({ url }), pgTables), dispose: () => database.drop() };
}

/** Whether `postgres` is reached through PgBouncer in transaction mode: `npm run faults` runs the suite once so. */
export const pooled = process.env.SLIPWAY_TEST_POOLED === "1";
/** Whether `postgres` is used by a migrator with the rights of docs/security.md and no others: `npm run faults` does that once. */
export const leastRights = process.env.SLIPWAY_TEST_LEAST_RIGHTS === "1";

/** A database, and a user who may use and make tables in its schema `public`, and make schemas and extensions. */
async function ofMigrator(): Promise<FreshDatabase> {
  const database = await freshDatabase();
  const url = new URL(database.url);
  const name = `migrator_${url.pathname.slice(1)}`;
  const run = async (where: string, ...sqls: readonly string[]) => {
    const root = new pg.Client({ connectionString: where });
    await root.connect();
    for (const sql of sqls) await root.query(sql);
    await root.end();
  };
  await run(
    database.url,
    `CREATE ROLE ${name} LOGIN PASSWORD 'sesame'`,
    `GRANT USAGE, CREATE ON SCHEMA public TO ${name}`,
    `GRANT CREATE ON DATABASE ${url.pathname.slice(1)} TO ${name}`,
  );
  url.username = name;
  url.password = "sesame";
  const drop = async () => {
    await database.drop();
    await run(inject("postgresUrl"), `DROP ROLE ${name}`);
  };
  return { url: url.href, drop };
}

let pooler: ReturnType<typeof startPgbouncer> | undefined;

async function throughPooler(url: string): Promise<string> {
  pooler ??= startPgbouncer(url);
  const through = new URL(url);
  through.host = new URL((await pooler)?.url ?? url).host;
  return through.href;
}

const own =
  "('schema_migrations', 'data_migrations', 'slipway_lock', 'slipway_journal', 'slipway_events', 'slipway_schema')";
const pgTables = `select tablename as name from pg_tables where schemaname not in ('pg_catalog', 'information_schema') and tablename not in ${own} order by 1`;
const sqliteTables = `select name from sqlite_master where type = 'table' and name not like 'sqlite_%' and name not in ${own} order by 1`;

function withQueries(adapter: Adapter, tablesSql: string): Omit<TestDatabase, "dispose"> {
  const query = async (sql: string) => {
    const session = await adapter.open({ role: "work", application: "test" });
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  };
  return {
    adapter,
    query,
    tables: async () => (await query(tablesSql)).map((row) => String(row.name)),
  };
}
