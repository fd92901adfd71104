/** The schemas of real histories as files: dumped, loaded, dumped again; pg_dump is the judge of both databases. */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import pg from "pg";
import { defineRelease } from "slipway";
import { afterAll, describe, expect, onTestFinished, test } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { readCatalog, withoutPositions } from "../support/catalog.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres15 } from "./postgres-15.ts";
import { sqliteObjects, withoutNoise } from "./schema-hash.ts";

/** Each with what its own tool expects to have run before, and how many tables it makes at least. */
const onPostgres: readonly {
  readonly name: string;
  readonly tables: number;
  readonly before?: readonly string[];
}[] = [
  { name: "authelia-postgres", tables: 15 },
  {
    name: "supabase-storage",
    tables: 4,
    before: [
      "ALTER DATABASE current SET search_path = 'storage', 'public'",
      "ALTER DATABASE current SET storage.install_roles = 'true'",
    ],
  },
  { name: "odd-platform", tables: 40 },
  { name: "crates-io", tables: 30 },
  { name: "minder", tables: 20 },
  { name: "langfuse", tables: 40 },
  { name: "dokploy", tables: 30 },
  { name: "umami", tables: 8 },
  { name: "rallly", tables: 15 },
  { name: "penpot", tables: 30 },
];

// listing.test.ts says that the histories are skipped.
const corpora = process.env.SLIPWAY_CORPORA ?? "";
const server = corpora === "" ? undefined : await startPostgres15();
if (corpora !== "" && server === undefined)
  console.warn("skipped: the schemas of real histories are not dumped on PostgreSQL");
afterAll(() => server?.stop());
const mariadb = corpora === "" ? undefined : await mariadbOfRun();

const here = (name: string) => corpora !== "" && existsSync(join(corpora, name));
const silent = { write: () => undefined, emit: () => undefined };

function release(adapter: Adapter, name: string) {
  const migrations = join(corpora, name);
  const main = { adapter, migrations, safe: "off", fingerprint: false } as const;
  return defineRelease({ app: "dumped", repos: { main } }).using(silent);
}

async function dumpOf(adapter: Adapter, name: string): Promise<string> {
  const [dumped] = await release(adapter, name).dump({ rights: true });
  expect(dumped?.leftOut).toEqual([]);
  return dumped?.sql ?? "";
}

/** Dumps the one, loads it into the other, and gives what the other is then. */
async function throughFile(from: Adapter, to: Adapter, name: string) {
  const sql = await dumpOf(from, name);
  await release(to, name).load("main", sql);
  return { sql, again: await dumpOf(to, name) };
}

describe.runIf(server)("on PostgreSQL 15", () => {
  test.each(onPostgres.filter(({ name }) => here(name)))(
    "$name",
    async ({ name, tables, before = [] }) => {
      const [from, to] = [await database(before), await database(before)];
      await release(postgres({ url: from }), name).migrate();
      const { sql, again } = await throughFile(
        postgres({ url: from }),
        postgres({ url: to }),
        name,
      );
      expect(again).toBe(sql);
      expect(sql.match(/^CREATE TABLE /gm)?.length).toBeGreaterThanOrEqual(tables);
      expect(byPgDump(to)).toEqual(byPgDump(from));
      const [status] = await release(postgres({ url: to }), name).migrationStatus();
      expect(status?.migrations.filter((one) => one.status !== "up")).toEqual([]);
    },
  );
});

// Its files call functions that came with PostgreSQL 16, of which there is no pg_dump here.
test.runIf(here("memos"))("memos, on PostgreSQL 18", async () => {
  const [from, to] = [await freshDatabase(), await freshDatabase()];
  onTestFinished(async () => void (await Promise.all([from.drop(), to.drop()])));
  await ask(from.url, readFileSync(join(corpora, "base/memos.sql"), "utf8"));
  await release(postgres({ url: from.url }), "memos").migrate();
  const { sql, again } = await throughFile(
    postgres({ url: from.url }),
    postgres({ url: to.url }),
    "memos",
  );
  expect(again).toBe(sql);
  const catalog = await catalogOf(from.url);
  expect(Object.keys(catalog).length).toBeGreaterThan(80);
  expect(await catalogOf(to.url)).toEqual(catalog);
});

/** As other queries read it than those of dump. What was dropped leaves a gap between the places of columns. */
async function catalogOf(url: string) {
  const session = await postgres({ url }).open({ role: "work", application: "test" });
  try {
    const all = Object.entries(withoutPositions(await readCatalog(session)));
    return Object.fromEntries(all.filter(([object]) => !object.includes("slipway_")));
  } finally {
    await session.close();
  }
}

const onSqlite: readonly (readonly [name: string, table: string])[] = [
  ["atuin-client", "history"],
  ["memos-sqlite", "memo"],
];

test.for(onSqlite)("%s, on SQLite", async ([name, table], { skip }) => {
  skip(!here(name), "its history is not here");
  const folder = mkdtempSync(join(tmpdir(), "slipway-dumped-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const paths = ["from.db", "to.db"].map((file) => join(folder, file)) as [string, string];
  const [from, to] = paths.map((path) => sqlite({ path })) as [Adapter, Adapter];
  const base = join(corpora, `base/${name}.sql`);
  if (existsSync(base)) runOn(paths[0], readFileSync(base, "utf8"));
  await release(from, name).migrate();
  const { sql, again } = await throughFile(from, to, name);
  expect(again).toBe(sql);
  expect(sql).toMatch(new RegExp(`CREATE TABLE ["\`]?${table}\\b`));
  expect(sqliteObjects(paths[1])).toEqual(sqliteObjects(paths[0]));
  expect(sqliteObjects(paths[0]).length).toBeGreaterThan(2);
});

test.runIf(mariadb !== undefined && here("authelia-mysql"))(
  "authelia-mysql, on MariaDB",
  async () => {
    const [from, to] = [await freshMysql(mariadb!.url), await freshMysql(mariadb!.url)];
    onTestFinished(async () => void (await Promise.all([from.dispose(), to.dispose()])));
    await release(from.adapter, "authelia-mysql").migrate();
    const { sql, again } = await throughFile(from.adapter, to.adapter, "authelia-mysql");
    expect(again).toBe(sql);
    expect(sql.match(/^CREATE TABLE /gm)?.length).toBeGreaterThan(15);
  },
);

function runOn(path: string, sql: string): void {
  const database = new DatabaseSync(path);
  database.exec(sql);
  database.close();
}

let made = 0;

async function database(before: readonly string[]): Promise<string> {
  const at = server?.url ?? "";
  const name = `dumped_${process.pid}_${++made}`;
  await ask(at, `CREATE DATABASE ${name} TEMPLATE template0`);
  onTestFinished(() => ask(at, `DROP DATABASE ${name} WITH (FORCE)`));
  const url = Object.assign(new URL(at), { pathname: `/${name}` }).href;
  for (const sql of before) await ask(url, sql.replace("DATABASE current", `DATABASE ${name}`));
  return url;
}

async function ask(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** Without what is ours, and with expressions as the server reads its own text: pg_dump 15 writes them otherwise then. */
function byPgDump(url: string): readonly string[] {
  const args = ["-s", "-O", "-x", "--exclude-table=*.slipway_*", "-d", url];
  const { status, stdout, stderr } = spawnSync(server?.pgDump ?? "", args, {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`pg_dump failed: ${stderr}`);
  return withoutNoise(stdout).map(settled);
}
