/** What `facts` reads of real databases: a PostgreSQL with a publication and a slot, MariaDB, SQLite and PGlite. */

import { PGlite } from "@electric-sql/pglite";
import { createConnection } from "mysql2/promise";
import pg from "pg";
import { mysql } from "slipway/mysql";
import { pglite } from "slipway/pglite";
import { postgres } from "slipway/postgres";
import { sqlite } from "slipway/sqlite";
import { afterAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import type { RepoFacts } from "../../src/core/model/production-facts.ts";
import { defineRelease } from "../../src/index.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";

const posts = {
  "1_posts": "CREATE TABLE posts (id integer PRIMARY KEY, title varchar(20) NOT NULL);",
  "2_index": "CREATE UNIQUE INDEX posts_title ON posts (title);",
};

function releaseOn(adapter: Adapter, migrations: object = posts) {
  const log = { write: () => undefined, emit: () => undefined };
  return defineRelease({
    app: "blog",
    repos: { main: { adapter, migrations: migrations as typeof posts } },
  }).using(log);
}

async function factsOf(adapter: Adapter, migrations?: object): Promise<RepoFacts> {
  const { repos, ...file } = await releaseOn(adapter, migrations).facts();
  expect(file).toEqual({
    slipwayFacts: 1,
    app: "blog",
    takenAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  });
  // As it is written to a file.
  return JSON.parse(JSON.stringify(repos.main));
}

describe("facts of PostgreSQL", async () => {
  const server = await startPostgres({ settings: { wal_level: "logical" } });
  afterAll(() => server.stop());

  it("are sizes, estimates, writes, indexes, publications, slots and what has run, and no row", async () => {
    const database = await freshDatabase(server.url);
    const adapter = postgres({ url: database.url });
    const partitioned =
      "CREATE TABLE logs (at date, line text) PARTITION BY RANGE (at); CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');";
    await releaseOn(adapter, { ...posts, "3_logs": partitioned }).migrate();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query(
      "INSERT INTO posts SELECT n, 'secret ' || n FROM generate_series(1, 20000) n",
    );
    await client.query("ANALYZE posts");
    await client.query(
      "CREATE SCHEMA other; CREATE TABLE other.t (a int, b text); ALTER TABLE posts REPLICA IDENTITY FULL",
    );
    await client.query(
      "CREATE PUBLICATION all_of_it FOR ALL TABLES WITH (publish = 'insert,update')",
    );
    await client.query("CREATE PUBLICATION parts FOR TABLE posts (id) WHERE (id > 1), other.t");
    await client.query("SELECT pg_create_logical_replication_slot('debezium', 'pgoutput')");
    await client.query("SELECT pg_stat_force_next_flush()");
    const found = await factsOf(adapter, { ...posts, "3_logs": partitioned, "4_new": "SELECT 1;" });
    expect(found).toMatchObject({
      database: "PostgreSQL",
      rules: "postgres",
      applied: ["1", "2", "3"],
      server: {
        version: expect.stringMatching(/^18\./),
        major: 18,
        settings: { wal_level: "logical", maintenance_work_mem: "64MB", lock_timeout: "0" },
      },
      countedSince: expect.stringMatching(/Z$/),
      publications: [
        {
          name: "all_of_it",
          allTables: true,
          publishes: ["insert", "update"],
          tables: expect.arrayContaining([{ table: "posts" }, { table: "logs_1" }]),
        },
        {
          name: "parts",
          allTables: false,
          publishes: ["insert", "update", "delete", "truncate"],
          tables: [{ table: "other.t" }, { table: "posts", columns: ["id"], where: "(id > 1)" }],
        },
      ],
      subscriptions: [],
      replicas: [{ name: "debezium", kind: "logical slot", plugin: "pgoutput", active: false }],
      unknown: [],
    });
    expect(found.tables.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      "logs: partitioned",
      "logs_1: table",
      "other.t: table",
      "posts: table",
    ]);
    const [, part, , own] = found.tables;
    expect(part).toMatchObject({ partitionOf: "logs" });
    expect(own).toMatchObject({
      rows: 20_000,
      writes: { inserts: 20_000, updates: 0, deletes: 0 },
      replicaIdentity: "full",
    });
    expect(own?.bytes).toBeGreaterThan(800_000);
    expect(own?.indexBytes).toBeGreaterThan(800_000);
    expect(found.indexes).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ name: "posts_title", table: "posts", unique: true, valid: true }),
      ]),
    );
    expect(JSON.stringify(found)).not.toContain("secret");
    await client.end();
    await database.drop();
  }, 120_000);

  it("know how functions of extensions compute, and migrate goes by that", async () => {
    const database = await freshDatabase(server.url);
    const adapter = postgres({ url: database.url });
    const extensions = 'CREATE EXTENSION pg_trgm; CREATE EXTENSION "uuid-ossp";';
    const before = { ...posts, "3_extensions": extensions };
    await releaseOn(adapter, before).migrate();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await client.query("INSERT INTO posts SELECT n, n::text FROM generate_series(1, 20000) n");
    await client.query("ANALYZE posts");
    await client.end();
    const functions = new Map(
      (await factsOf(adapter, before)).functions?.map(({ name, volatility }) => [name, volatility]),
    );
    const names = ["uuid_generate_v4", "show_limit", "similarity", "lower"];
    expect(names.map((name) => functions.get(name))).toEqual([
      ...["volatile", "stable", "immutable", undefined],
    ]);
    const stable = "ALTER TABLE posts ADD COLUMN least real DEFAULT show_limit();";
    await releaseOn(adapter, { ...before, "4_stable": stable }).migrate();
    const volatile = "ALTER TABLE posts ADD COLUMN key uuid DEFAULT uuid_generate_v4();";
    await expect(
      releaseOn(adapter, { ...before, "4_stable": stable, "5_volatile": volatile }).migrate(),
    ).rejects.toMatchObject({
      code: "unsafe",
      message: expect.stringContaining("uuid_generate_v4"),
    });
    await database.drop();
  });

  it("have a fingerprint that two databases with the same schema share, and wait for no lock", async () => {
    const [one, two] = [await freshDatabase(server.url), await freshDatabase(server.url)];
    const adapters = [one, two].map(({ url }) => postgres({ url }));
    for (const adapter of adapters) await releaseOn(adapter).migrate();
    const client = new pg.Client({ connectionString: two.url });
    await client.connect();
    const [first, second] = [await factsOf(adapters[0]!), await factsOf(adapters[1]!)];
    expect(second.fingerprint).toBe(first.fingerprint);
    await client.query("BEGIN; ALTER TABLE posts ALTER title DROP NOT NULL");
    const during = await factsOf(adapters[1]!);
    expect(during).not.toHaveProperty("fingerprint");
    expect(during.unknown).toEqual(["fingerprint: canceling statement due to lock timeout"]);
    expect(during.tables).toMatchObject([{ name: "posts", bytes: expect.any(Number) }]);
    await client.query("COMMIT");
    expect((await factsOf(adapters[1]!)).fingerprint).not.toBe(first.fingerprint);
    await client.end();
    for (const database of [one, two]) await database.drop();
  }, 120_000);
});

it("facts of PGlite are those of a PostgreSQL", async () => {
  const adapter = pglite({ client: new PGlite("memory://") });
  await releaseOn(adapter).migrate();
  const found = await factsOf(adapter);
  expect(found).toMatchObject({ rules: "postgres", unknown: [], publications: [] });
  expect(found.server.major).toBeGreaterThan(15);
}, 120_000);

it("facts of SQLite are the sizes of its trees, and estimates where it was analyzed", async () => {
  const { mkdtempSync, rmSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const { join } = await import("node:path");
  const folder = mkdtempSync(join(tmpdir(), "slipway-facts-"));
  try {
    const adapter = sqlite({ path: join(folder, "a.db") });
    const rows =
      "INSERT INTO posts WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) SELECT i, 'secret ' || i FROM n;";
    const analyzed = { ...posts, "3_rows": `${rows}\nANALYZE;` };
    await releaseOn(adapter, analyzed).migrate();
    const found = await factsOf(adapter, analyzed);
    expect(found).toMatchObject({
      database: "SQLite",
      rules: "sqlite",
      applied: ["1", "2", "3"],
      tables: [{ name: "posts", rows: 5000 }],
      indexes: [{ name: "posts_title", table: "posts", unique: true }],
    });
    expect(found.tables[0]?.bytes).toBeGreaterThan(50_000);
    expect(JSON.stringify(found)).not.toContain("secret");
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const mariadb = await mariadbOfRun();

it.skipIf(mariadb === undefined)(
  "facts of MariaDB are what information_schema tells",
  async () => {
    const database = await freshMysql(mariadb!.url);
    const adapter = mysql({ url: database.url });
    await releaseOn(adapter).migrate();
    const client = await createConnection({ uri: database.url });
    await client.query("INSERT INTO posts SELECT seq, concat('secret ', seq) FROM seq_1_to_3000");
    await client.query("ANALYZE TABLE posts");
    const found = await factsOf(adapter);
    expect(found).toMatchObject({
      rules: "mysql",
      applied: ["1", "2"],
      server: { settings: { innodb_lock_wait_timeout: expect.any(String) } },
      tables: [{ name: "posts", kind: "table", rows: expect.any(Number) }],
      indexes: expect.arrayContaining([
        { name: "posts_title", table: "posts", unique: true, valid: true },
      ]),
    });
    expect(found.tables[0]?.rows).toBeGreaterThan(2000);
    expect(JSON.stringify(found)).not.toContain("secret");
    await client.query("ALTER TABLE posts ADD COLUMN more int");
    expect((await factsOf(adapter)).fingerprint).not.toBe(found.fingerprint);
    await client.end();
    await database.dispose();
  },
  120_000,
);
