/** Databases for the kind sweep: each with a user whose settings are hostile, and one that looks. */

import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { mysql } from "../../../src/adapters/mysql/index.ts";
import { pglite } from "../../../src/adapters/pglite/index.ts";
import { postgres } from "../../../src/adapters/postgres/index.ts";
import { sqlite } from "../../../src/adapters/sqlite/index.ts";
import { makePgliteFolder } from "../../support/pglite.ts";
import { freshDatabase } from "../../support/postgres.ts";
import type { KeyType, Place } from "./cell.ts";
import { extensionTypes, hostile, postgresSetup, postgresTypes } from "./postgres-kinds.ts";

/** A place with the types that it has. */
export type Ground = Place & { readonly types: readonly KeyType[]; close(): Promise<void> };

/** Where the hostile settings are. */
export type Spot = "nowhere" | "role" | "database" | "server";

type Ask = (sql: string) => Promise<readonly Readonly<Record<string, unknown>>[]>;

const onPostgres = {
  same: (one: string, other: string) => `${one}::text is not distinct from ${other}::text`,
  checksum: (table: string) =>
    `select md5(string_agg(k::text, ',' order by k::text collate "C")) as sum from ${table}`,
  isKey: (type: string) => `k = cast($1::text as ${type.replace(/ collate.*/, "")})`,
};

/** What is not hostile, for the one who looks. */
const calm = [
  "set datestyle = iso",
  "set timezone = 'UTC'",
  "set intervalstyle = postgres",
  "set bytea_output = hex",
  "set extra_float_digits = 3",
  "set xmloption = content",
  "set array_nulls = on",
  "set standard_conforming_strings = on",
  "set transform_null_equals = off",
  "set default_transaction_isolation = 'read committed'",
  "set default_transaction_deferrable = off",
].join("; ");

/** On the PostgreSQL of `server`, or that of this run. */
export async function postgresGround(spot: Spot, server?: string): Promise<Ground> {
  const database = await freshDatabase(server);
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const look: Ask = async (sql) => (await client.query(sql)).rows;
  await look(calm);
  const types = await makeTypes(look);
  const role = `hostile_${new URL(database.url).pathname.slice(9)}`;
  await look(`create role ${role} login superuser password 'hostile'`);
  const name = new URL(database.url).pathname.slice(1);
  const whose = { role: `role ${role}`, database: `database ${name}` };
  if (spot === "role" || spot === "database")
    for (const [setting, value] of Object.entries(hostile))
      await look(`alter ${whose[spot]} set ${setting} = ${value}`);
  const url = new URL(database.url);
  [url.username, url.password] = [role, "hostile"];
  const close = async () => {
    await look(`drop owned by ${role} cascade`);
    await look(`drop role ${role}`);
    await client.end();
    await database.drop();
  };
  return { ...onPostgres, adapter: postgres({ url: url.href }), look, types, close };
}

/** Settings of a role or a database count from the next opening on, so it is made, closed, and opened again. */
export async function pgliteGround(spot: "nowhere" | "database"): Promise<Ground> {
  const { PGlite } = await import("@electric-sql/pglite");
  const folder = mkdtempSync(join(tmpdir(), "slipway-kinds-"));
  makePgliteFolder(folder);
  const first = await PGlite.create(folder);
  const ask: Ask = async (sql) => (await first.query<Record<string, unknown>>(sql)).rows;
  const types = await makeTypes(ask);
  if (spot === "database")
    for (const [setting, value] of Object.entries(hostile))
      await ask(`alter database postgres set ${setting} = ${value}`);
  await first.close();
  const client = await PGlite.create(folder);
  /** Its one connection is the hostile one, so whoever looks is calm for one transaction. */
  const look: Ask = (sql) =>
    client.transaction(async (tx) => {
      await tx.exec(calm.replaceAll("set ", "set local "));
      return (await tx.query<Record<string, unknown>>(sql)).rows;
    });
  const close = async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...onPostgres, adapter: pglite({ client }), look, types, close };
}

async function makeTypes(ask: Ask): Promise<readonly KeyType[]> {
  for (const sql of postgresSetup) await ask(sql);
  const found = await ask("select name from pg_available_extensions");
  const names = found.map(({ name }) => name);
  const there = extensionTypes.filter(({ extension }) => names.includes(extension));
  for (const { extension } of there) await ask(`create extension ${extension}`);
  return [...postgresTypes, ...there];
}

export async function sqliteGround(
  pragmas: readonly string[],
  types: readonly KeyType[],
): Promise<Ground> {
  const folder = mkdtempSync(join(tmpdir(), "slipway-kinds-"));
  const path = join(folder, "test.db");
  const db = new DatabaseSync(path, { timeout: 60_000 });
  for (const pragma of pragmas) db.exec(pragma);
  db.exec("create table first_one (id integer)");
  const look: Ask = async (sql) => db.prepare(sql).all() as Readonly<Record<string, unknown>>[];
  return {
    ...{ adapter: sqlite({ path }), look, types },
    same: (one, other) => `${one} is ${other} and typeof(${one}) = typeof(${other})`,
    checksum: (table) =>
      `select group_concat(h) as sum from (select hex(k) || typeof(k) as h from ${table} order by 1)`,
    isKey: (type) => (type === "blob" ? "k = ?" : "cast(k as text) = ?"),
    close: async () => {
      db.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Its database is made and dropped by the user whose settings are hostile. Those of the server are put back. */
export async function mariadbGround(
  server: string,
  types: readonly KeyType[],
  settings: Readonly<Record<string, string>> = {},
): Promise<Ground> {
  const name = `kinds_${randomBytes(6).toString("hex")}`;
  const client = await createConnection({ uri: server, charset: "utf8mb4", dateStrings: true });
  const look: Ask = async (sql) => {
    const [rows] = await client.query(sql);
    return Array.isArray(rows) ? (rows as Readonly<Record<string, unknown>>[]) : [];
  };
  await look("set time_zone = '+00:00'");
  const before = new Map<string, string>();
  for (const [setting, value] of Object.entries(settings)) {
    const [row] = await look(`select @@global.${setting} as was`);
    before.set(setting, String(row?.was ?? ""));
    await look(`set global ${setting} = ${value}`);
  }
  // Whoever may do everything is spared by init_connect.
  await look(`create user ${name}@'127.0.0.1' identified by 'hostile'`);
  await look(`grant all on ${name}.* to ${name}@'127.0.0.1'`);
  // Without it the making of a table is known to a second only, which each run waits for.
  await look(`grant process on *.* to ${name}@'127.0.0.1'`);
  const url = new URL(server);
  [url.username, url.password, url.pathname] = [name, "hostile", `/${name}`];
  const adapter = mysql({ url: url.href });
  await adapter.storage?.create();
  await look(`use ${name}`);
  return {
    ...{ adapter, look, types },
    same: (one, other) => `${one} <=> ${other} and hex(${one}) = hex(${other})`,
    checksum: (table) => `select md5(group_concat(hex(k) order by hex(k))) as sum from ${table}`,
    isKey: () => "hex(cast(k as char)) = hex(?)",
    close: async () => {
      await adapter.storage?.drop();
      for (const [setting, value] of before) {
        const isNumber = /^\d+$/.test(value);
        await look(`set global ${setting} = ${isNumber ? value : `'${value}'`}`);
      }
      await look(`drop user ${name}@'127.0.0.1'`);
      await client.end();
    },
  };
}
