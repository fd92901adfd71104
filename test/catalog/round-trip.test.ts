/** A schema that is dumped and loaded is the same: by the bytes, by a reader of the tests' own, and by pg_dump. */
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { defineRelease } from "slipway";
import { afterAll, describe, expect, inject, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { settled } from "../../src/adapters/postgres/catalog/settled.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { type Catalog, readCatalog } from "../support/catalog.ts";
import { databaseKinds, pooled, testDatabase } from "../support/databases.ts";
import { debianProgram } from "../support/debian.ts";
import { asSuperuser, freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../fixtures/catalog", name), "utf8");
const everyKind = fixture("every-kind.sql");

const folder = "/usr/lib/postgresql/15/bin";
const pgDump = debianProgram("pg_dump", "postgresql-15", folder);
const programs = { initdb: `${folder}/initdb`, postgres: `${folder}/postgres` };
const server15 = pgDump === undefined ? undefined : await startPostgres({ programs });
afterAll(() => server15?.stop());

const silent = { write: () => undefined, emit: () => undefined };
const releaseOn = (adapter: Adapter) =>
  defineRelease({ app: "dumped", repos: { main: { adapter, migrations: [] } } }).using(silent);

async function dumpOf(adapter: Adapter) {
  const [dump] = await releaseOn(adapter).dump();
  return dump ?? { sql: "", leftOut: [] };
}

async function run(url: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** As `pg_dump` writes it, but for comments, settings, and what it writes otherwise when it reads it again. */
function byPgDump(url: string): string {
  const { status, stdout, stderr } = spawnSync(
    pgDump ?? "",
    ["-s", "-O", "-x", "-T", "slipway_lock", "-d", url],
    {
      encoding: "utf8",
    },
  );
  if (status !== 0) throw new Error(stderr);
  const noise = /^$|^--|^\\(un)?restrict|^SET |^SELECT pg_catalog\.set_config/;
  return stdout
    .split("\n")
    .filter((line) => !noise.test(line))
    .map(settled)
    .join("\n");
}

describe("on PostgreSQL 18", () => {
  it.skipIf(pooled)("every kind of object comes back as it was", async () => {
    const [from, to] = [await freshDatabase(), await freshDatabase()];
    try {
      await run(from.url, everyKind);
      await run(from.url, fixture("of-18.sql"));
      const [source, copy] = [postgres({ url: from.url }), postgres({ url: to.url })];
      const { sql, leftOut } = await dumpOf(source);
      expect(leftOut).toEqual([]);
      await releaseOn(copy).load("main", sql);
      expect((await dumpOf(copy)).sql).toBe(sql);
      const there = await factsOf(source);
      expect(Object.keys(there).length).toBeGreaterThan(150);
      expect(await factsOf(copy)).toEqual(there);
    } finally {
      await Promise.all([from.drop(), to.drop()]);
    }
  });

  // PGlite 0.5.17 keeps one on every column. https://www.npmjs.com/package/@electric-sql/pglite
  it.skipIf(pooled)("leaves out options of columns that no other server takes", async () => {
    const database = await freshDatabase();
    try {
      await run(database.url, "CREATE TABLE t (id int, n int)");
      await run(database.url, "ALTER TABLE t ALTER n SET (n_distinct = 5)");
      await asSuperuser(
        Object.assign(new URL(inject("postgresUrl")), { pathname: new URL(database.url).pathname })
          .href,
        "UPDATE pg_attribute SET attoptions = array_append(attoptions, 'pg_attver=7') WHERE attrelid = 't'::regclass AND attnum > 0",
      );
      const { sql } = await dumpOf(postgres({ url: database.url }));
      expect(sql).toContain('ALTER COLUMN "n" SET (n_distinct=5)');
      expect(sql).not.toContain("attver");
    } finally {
      await database.drop();
    }
  });

  it("what few databases have comes back as it was", async () => {
    const [from, to] = [await freshDatabase(), await freshDatabase()];
    try {
      await run(from.url, fixture("rare-kinds.sql"));
      const [source, copy] = [postgres({ url: from.url }), postgres({ url: to.url })];
      const { sql, leftOut } = await dumpOf(source);
      expect(leftOut).toEqual([]);
      await releaseOn(copy).load("main", sql);
      expect((await dumpOf(copy)).sql).toBe(sql);
    } finally {
      await Promise.all([from.drop(), to.drop()]);
    }
  });

  it("names what it cannot write", async () => {
    const database = await freshDatabase();
    try {
      await run(
        database.url,
        `CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq, negator = !==);
         CREATE TABLE t (id int);
         CREATE TYPE unfinished;
         CREATE FOREIGN DATA WRAPPER far; CREATE SERVER there FOREIGN DATA WRAPPER far;
         CREATE USER MAPPING FOR public SERVER there OPTIONS (password 'secret');
         ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO public;
         CREATE SUBSCRIPTION news CONNECTION 'dbname=nowhere' PUBLICATION p WITH (connect = false, slot_name = NONE);`,
      );
      const { leftOut, sql } = await dumpOf(postgres({ url: database.url }));
      const owner = new URL(database.url).username;
      expect(leftOut).toEqual([
        `default privileges of ${owner} in public on tables`,
        "operator public.!==",
        "subscription news",
        "type public.unfinished",
        "user mapping of public for there",
      ]);
      expect(sql).not.toContain("secret");
      expect(sql).toContain('CREATE TABLE "public"."t"');
    } finally {
      await run(database.url, "DROP SUBSCRIPTION news");
      await database.drop();
    }
  });

  it("asks as many questions for a hundred tables as for one", async () => {
    const database = await freshDatabase();
    try {
      const { dialect } = postgres({ url: database.url });
      const access = await dialect.catalog?.();
      const client = new pg.Client({ connectionString: database.url });
      await client.connect();
      const asked: number[] = [];
      for (const count of [1, 100]) {
        for (let i = 0; i < count; i++)
          await client.query(
            `CREATE TABLE t${count}_${i} (id serial PRIMARY KEY, n int CHECK (n > 0))`,
          );
        let queries = 0;
        const catalog = await access?.read(async (sql) => {
          queries++;
          return (await client.query(sql)).rows;
        });
        expect(catalog?.objects.length).toBeGreaterThan(3 * count);
        asked.push(queries);
      }
      await client.end();
      expect(asked[1]).toBe(asked[0]);
      expect(asked[0]).toBeLessThanOrEqual(26);
    } finally {
      await database.drop();
    }
  });
});

describe.runIf(server15)("on PostgreSQL 15", () => {
  it.each([
    ["every-kind", 60],
    ["rare-kinds", 35],
  ] as const)("pg_dump finds the same of %s in both", async (name, count) => {
    const server = server15?.url ?? "";
    const at = (side: string) =>
      Object.assign(new URL(server), { pathname: `/${side}_${name.replace("-", "_")}` }).href;
    for (const side of ["source", "copy"])
      await run(server, `CREATE DATABASE ${side}_${name.replace("-", "_")} TEMPLATE template0`);
    await run(at("source"), fixture(`${name}.sql`));
    const { sql, leftOut } = await dumpOf(postgres({ url: at("source") }));
    await releaseOn(postgres({ url: at("copy") })).load("main", sql);
    expect((await dumpOf(postgres({ url: at("copy") }))).sql).toBe(sql);
    const expected = byPgDump(at("source"));
    expect(leftOut).toEqual([]);
    expect(expected.match(/^CREATE /gm)?.length).toBeGreaterThan(count);
    expect(byPgDump(at("copy"))).toBe(expected);
  });
});

describe.each(databaseKinds)("on %s", (kind) => {
  const migrations = {
    "1_posts":
      "create table posts (id integer primary key, title varchar(20) check (title in ('a', 'b')));\ncreate index posts_title on posts (title);",
    "2_view":
      "-- migrate:up\ncreate view titles as select title from posts;\n-- migrate:down\ndrop view titles;",
  };

  it("a loaded database knows what has run, and goes on from there", async () => {
    const [from, to] = [
      await testDatabase(kind),
      kind === "pglite" ? undefined : await testDatabase(kind),
    ];
    try {
      const release = (adapter: Adapter, more = {}) =>
        defineRelease({
          app: "dumped",
          repos: { main: { adapter, migrations: { ...migrations, ...more } } },
        }).using(silent);
      await release(from.adapter).migrate();
      const [dump] = await release(from.adapter).dump();
      const sql = dump?.sql ?? "";
      expect(sql).not.toContain("slipway_");
      // One PGlite is all that there is: what is in it goes first.
      if (to === undefined) await from.query("drop schema public cascade; create schema public");
      const copy = (to ?? from).adapter;
      await expect(release(copy).load("main", sql)).resolves.toMatchObject({ loaded: true });
      expect((await release(copy).dump())[0]?.sql).toBe(sql);
      const more = {
        "3_more":
          "-- migrate:up\ncreate table more (id integer primary key);\n-- migrate:down\ndrop table more;",
      };
      const [outcome] = await release(copy, more).migrate();
      expect(outcome?.migrations.map(({ version }) => version)).toEqual(["3"]);
      await release(copy, more).rollback("main", 2);
      await expect((to ?? from).tables()).resolves.toEqual(["posts"]);
    } finally {
      await from.dispose();
      await to?.dispose();
    }
  });

  it("another tool's table of the usual name gives no rows, and what moved in is loaded", async () => {
    const [from, to] = [
      await testDatabase(kind),
      kind === "pglite" ? undefined : await testDatabase(kind),
    ];
    try {
      await from.query(
        "create table schema_migrations (version bigint primary key, dirty boolean not null)",
      );
      const release = (adapter: Adapter) =>
        defineRelease({ app: "dumped", repos: { main: { adapter, migrations } } }).using(silent);
      await release(from.adapter).migrate();
      await from.query("insert into schema_migrations values (1, false)");
      const [dump] = await release(from.adapter).dump();
      const sql = dump?.sql ?? "";
      expect(sql.match(/INSERT INTO \S+/g)).toEqual([
        expect.stringContaining("slipway_migrations"),
      ]);
      if (to === undefined) await from.query("drop schema public cascade; create schema public");
      const copy = (to ?? from).adapter;
      await expect(release(copy).load("main", sql)).resolves.toMatchObject({ loaded: true });
      const [status] = await release(copy).migrationStatus();
      expect(status?.migrations.map((row) => row.status)).toEqual(["up", "up"]);
      expect((await release(copy).dump())[0]?.sql).toBe(sql);
    } finally {
      await from.dispose();
      await to?.dispose();
    }
  });

  it("two at once: one loads, and the other one waits for it", async () => {
    const { adapter, tables, dispose } = await testDatabase(kind);
    try {
      const sql = `CREATE TABLE a (id integer);
CREATE TABLE schema_migrations (version bigint PRIMARY KEY, inserted_at timestamp);
INSERT INTO schema_migrations (version) VALUES (1);`;
      const both = await Promise.all(
        [1, 2].map(() => releaseOn(adapter).load("main", sql, { skipIfLoaded: true })),
      );
      expect(both.map(({ loaded }) => loaded).toSorted()).toEqual([false, true]);
      await expect(tables()).resolves.toEqual(["a"]);
    } finally {
      await dispose();
    }
  });

  it("what makes the table of the lock itself is loaded too", async () => {
    const { adapter, dispose } = await testDatabase(kind);
    try {
      const sql = "CREATE TABLE slipway_lock (name varchar(255) PRIMARY KEY);";
      await expect(releaseOn(adapter).load("main", sql)).resolves.toMatchObject({ loaded: true });
    } finally {
      await dispose();
    }
  });

  it("nothing is loaded over what is there, and nothing is left of what fails", async () => {
    const { adapter, tables, query, dispose } = await testDatabase(kind);
    try {
      const release = releaseOn(adapter);
      const broken = release.load(
        "main",
        "CREATE TABLE a (id integer);\n\nCREATE TABLE a (id integer);",
        {
          path: "db/main/structure.sql",
        },
      );
      await expect(broken).rejects.toMatchObject({
        code: "load_failed",
        message: expect.stringMatching(/^db\/main\/structure\.sql:3: repo main: .*already exists/),
      });
      await expect(tables()).resolves.toEqual([]);
      const other = kind === "sqlite" ? "PostgreSQL" : "SQLite";
      const foreign = `-- The schema of repo main on ${other}, written by slipway dump and read by slipway load.\n`;
      await expect(release.load("main", foreign)).rejects.toMatchObject({
        code: "load_failed",
        message: expect.stringContaining(`it is a schema of ${other}`),
      });
      await query("CREATE TABLE mine (id integer)");
      await expect(release.load("main", "CREATE TABLE a (id integer)")).rejects.toMatchObject({
        code: "load_not_empty",
        message: expect.stringContaining("table "),
      });
      await expect(
        release.load("main", "CREATE TABLE a (id integer)", { skipIfLoaded: true }),
      ).rejects.toMatchObject({ code: "load_not_empty" });
      await expect(tables()).resolves.toEqual(["mine"]);
    } finally {
      await dispose();
    }
  });
});

/** By the tests' own reader; an array of casts is what the server makes of it when it reads it again. */
async function factsOf(adapter: Adapter): Promise<Catalog> {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    const catalog = await readCatalog(session);
    // Loading takes the lock.
    const others = Object.entries(catalog).filter(([key]) => !key.includes("slipway_lock"));
    return JSON.parse(JSON.stringify(Object.fromEntries(others)), (_, value) =>
      typeof value === "string" ? settled(value) : value,
    ) as Catalog;
  } finally {
    await session.close();
  }
}
