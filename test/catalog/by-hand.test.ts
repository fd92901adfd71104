/** Seventy changes by hand, one of each kind of object and of each way to change one: each is named, and nothing else is. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { defineRelease } from "slipway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { pooled } from "../support/databases.ts";
import { debianProgram } from "../support/debian.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { startPostgres } from "../support/postgres-server.ts";

const fixture = (name: string) =>
  readFileSync(join(import.meta.dirname, "../fixtures/catalog", `${name}.sql`), "utf8");
const migrations = {
  "1_every_kind": fixture("every-kind"),
  "2_rare_kinds": fixture("rare-kinds"),
};

const folder = "/usr/lib/postgresql/15/bin";
const programs = { initdb: `${folder}/initdb`, postgres: `${folder}/postgres` };
const server15 =
  debianProgram("postgres", "postgresql-15", folder) === undefined
    ? undefined
    : await startPostgres({ programs });
afterAll(() => server15?.stop());

/** Of the server of version 15 there is one database. */
const on15 = async (): Promise<Pick<FreshDatabase, "url" | "drop">> => {
  const url = Object.assign(new URL(server15?.url ?? ""), { pathname: "/drift" }).href;
  const admin = new pg.Client({ connectionString: server15?.url ?? "" });
  await admin.connect();
  await admin.query("CREATE DATABASE drift TEMPLATE template0");
  await admin.end();
  return { url, drop: async () => undefined };
};

/** In this order, each accepted before the next one. */
const changes: readonly (readonly [sql: string, ...lines: readonly string[]])[] = [
  ["ALTER TABLE ul ADD COLUMN c int", "+ column c of table public.ul"],
  [
    "ALTER TABLE ul ALTER COLUMN c TYPE bigint",
    '~ column c of table public.ul: type "bigint", was "integer"',
  ],
  [
    "ALTER TABLE ul ALTER COLUMN c SET DEFAULT 3",
    '~ column c of table public.ul: default "3", was none',
  ],
  [
    "ALTER TABLE ul ALTER COLUMN c SET NOT NULL",
    "~ column c of table public.ul: not null yes, was no",
  ],
  [
    "ALTER TABLE ul ALTER COLUMN t SET STORAGE external",
    '~ column t of table public.ul: storage "external", was none',
  ],
  [
    "ALTER TABLE ul ALTER COLUMN t SET STATISTICS 7",
    "~ column t of table public.ul: statistics 7, was none",
  ],
  ["COMMENT ON COLUMN ul.t IS 'new'", '~ column t of table public.ul: comment "new", was none'],
  ["ALTER TABLE ul DROP COLUMN c", "- column c of table public.ul"],
  ["ALTER TABLE ul SET LOGGED", '~ table public.ul: persistence "permanent", was "unlogged"'],
  [
    "ALTER TABLE ul RESET (autovacuum_enabled)",
    '~ table public.ul: options ["toast.autovacuum_enabled=off"], was ["autovacuum_enabled=off","toast.autovacuum_enabled=off"]',
  ],
  ["COMMENT ON TABLE ul IS 'new'", '~ table public.ul: comment "new", was none'],
  ["CREATE TABLE mine (id int PRIMARY KEY, n int UNIQUE)", "+ table public.mine"],
  ["DROP TABLE mine", "- table public.mine"],
  [
    "ALTER TABLE txt REPLICA IDENTITY NOTHING",
    '~ table public.txt: replica identity "nothing", was "full"',
  ],
  ["ALTER TABLE ri SET WITHOUT CLUSTER", '~ table public.ri: clustered on none, was "ri_i"'],
  [
    "ALTER TABLE base NO FORCE ROW LEVEL SECURITY",
    '~ table public.base: row security "enabled", was "forced"',
  ],
  ["CREATE INDEX by_hand ON ul (t)", "+ index public.by_hand"],
  ["DROP INDEX by_hand", "- index public.by_hand"],
  ["COMMENT ON INDEX base_t IS 'other'", '~ index public.base_t: comment "other", was "idx"'],
  ["ALTER TABLE base DROP CONSTRAINT nv", "- constraint nv on public.base"],
  [
    "ALTER TABLE refp VALIDATE CONSTRAINT fk_nv",
    /* twice said, by the text and by the fact */ "fk_nv",
  ],
  ["ALTER TABLE ul ADD CONSTRAINT k UNIQUE (t)", "+ constraint k on public.ul"],
  ["ALTER TABLE ul ADD CHECK (id > 0)", "+ constraint ul_id_check on public.ul"],
  ["ALTER TABLE ex DROP CONSTRAINT ex_n_r_excl", "- constraint ex_n_r_excl on public.ex"],
  [
    "ALTER TABLE base ALTER COLUMN id SET GENERATED ALWAYS",
    "column id of table public.base: identity",
  ],
  ["ALTER SEQUENCE sq INCREMENT -3", '~ sequence public.sq: increment "-3", was "-2"'],
  ["CREATE SEQUENCE mine", "+ sequence public.mine"],
  [
    "ALTER TYPE mood ADD VALUE 'z'",
    '~ type public.mood: values ["a","b\'c","z"], was ["a","b\'c"]',
  ],
  ["COMMENT ON COLUMN pair.x IS 'other'", "~ type public.pair: attributes"],
  ["ALTER DOMAIN posint DROP CONSTRAINT lt", "~ type public.posint: checks"],
  ["CREATE TYPE other_range AS RANGE (subtype = int4)", "+ type public.other_range"],
  ["CREATE OR REPLACE VIEW vf AS SELECT *, 1 AS one FROM out_t()", "~ view public.vf: "],
  ["ALTER VIEW v2 RESET (security_barrier)", "~ view public.v2: options none"],
  ["DROP MATERIALIZED VIEW mv2", "- view public.mv2"],
  ["COMMENT ON VIEW v IS 'other'", '~ view public.v: comment "other", was "vv"'],
  [
    "CREATE OR REPLACE FUNCTION f(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'select $1 + 2'",
    "~ function public.f(integer): definition",
  ],
  ["DROP PROCEDURE pr", "- procedure public.pr(IN a integer, INOUT b integer)"],
  [
    "COMMENT ON AGGREGATE agg(int) IS 'other'",
    '~ aggregate public.agg(integer): comment "other", was "a"',
  ],
  [
    "ALTER TABLE base ENABLE TRIGGER tr",
    '~ trigger tr on public.base: enabled "origin", was "disabled"',
  ],
  ["DROP TRIGGER ptr ON part", "- trigger ptr on public.part"],
  ["DROP RULE ru ON txt", "- rule ru on public.txt"],
  ["ALTER POLICY pol ON base USING (n > 7)", "~ policy pol on public.base: definition"],
  ["ALTER STATISTICS st SET STATISTICS 60", "~ statistics public.st: after"],
  ["DROP STATISTICS st2", "- statistics public.st2"],
  ["ALTER PUBLICATION pub SET (publish = 'update')", "~ publication pub: definition"],
  ["ALTER EVENT TRIGGER evt DISABLE", "~ event trigger evt: after"],
  ["DROP CAST (mood AS int)", "- cast (public.mood AS integer)"],
  ["CREATE COLLATION other_c (provider = icu, locale = 'de')", "+ collation public.other_c"],
  ["CREATE EXTENSION citext", "+ extension citext"],
  [
    "COMMENT ON SCHEMA \"My Schema\" IS 'other'",
    '~ schema "My Schema": comment "other", was "it\'s mine"',
  ],
  [
    "CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)",
    "+ operator public.=== (integer, integer)",
  ],
  [
    'ALTER OPERATOR "Rare one".=== (int, int) SET (RESTRICT = NONE)',
    '~ operator "Rare one".=== (integer, integer): definition',
  ],
  ['DROP OPERATOR "Rare one".!! (NONE, int)', '- operator "Rare one".!! (NONE, integer)'],
  [
    "ALTER OPERATOR FAMILY backwards USING btree DROP OPERATOR 5 (int, bigint)",
    "~ operator family public.backwards USING btree: after",
  ],
  ["DROP OPERATOR CLASS near USING gin", "- operator class public.near USING gin"],
  ["DROP CONVERSION latin", "- conversion public.latin"],
  [
    "COMMENT ON TEXT SEARCH PARSER cut IS 'other'",
    '~ text search parser public.cut: comment "other", was none',
  ],
  [
    "COMMENT ON TEXT SEARCH TEMPLATE plain IS 'other'",
    '~ text search template public.plain: comment "other", was none',
  ],
  [
    'ALTER TEXT SEARCH DICTIONARY "Rare one".words (accept = true)',
    '~ text search dictionary "Rare one".words: definition',
  ],
  [
    "ALTER TEXT SEARCH CONFIGURATION search DROP MAPPING FOR numword",
    "~ text search configuration public.search: after",
  ],
  ["COMMENT ON LANGUAGE second IS 'other'", '~ language second: comment "other", was none'],
  ["DROP ACCESS METHOD tree", "- access method tree"],
  [
    "ALTER FOREIGN DATA WRAPPER far OPTIONS (SET debug 'off')",
    "~ foreign data wrapper far: definition",
  ],
  ["ALTER SERVER there VERSION '2'", "~ server there: definition"],
  [
    'ALTER FOREIGN TABLE "Rare one"."rows" ADD COLUMN n int',
    '~ foreign table "Rare one".rows: definition',
  ],
  [
    'ALTER FOREIGN TABLE "Rare one"."rows" DROP CONSTRAINT named',
    "- constraint named on Rare one.rows",
  ],
  ["DROP TRANSFORM FOR point LANGUAGE sql", "- transform FOR point LANGUAGE sql"],
  ["CREATE TYPE unfinished", "+ type public.unfinished"],
  [
    "CREATE TEXT SEARCH CONFIGURATION words (parser = default)",
    "+ text search configuration public.words",
  ],
];

describe.each([
  { version: 18, isHere: !pooled, make: freshDatabase },
  { version: 15, isHere: server15 !== undefined, make: on15 },
])("on PostgreSQL $version", ({ isHere, make }) => {
  let database: Pick<FreshDatabase, "url" | "drop">;
  let client: pg.Client;

  beforeAll(async () => {
    if (!isHere) return;
    database = await make();
    client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await release().migrate();
  });
  afterAll(async () => {
    await client?.end();
    await database?.drop();
  });

  const release = () =>
    defineRelease({
      app: "drift",
      repos: { main: { adapter: postgres({ url: database.url }), migrations, safe: "off" } },
    }).using({ write: () => undefined, emit: () => undefined });

  const drift = async () => (await release().verifySchema())[0] ?? { drifted: [], told: [] };

  it.skipIf(!isHere)("nothing is told of a database that nobody touched", async () => {
    await expect(drift()).resolves.toMatchObject({ drifted: [], told: [] });
  });

  it.skipIf(!isHere).each(changes)("%s", async (change, ...expected) => {
    expect(expected.length).toBe(1);
    await client.query(change);
    const { drifted, told } = await drift();
    await release().verifySchema({ accept: true });
    const text = drifted.flatMap(({ lines }) => lines).join("\n");
    expect(text).toContain(expected[0]);
    expect(told).toEqual([]);
    expect(drifted).toHaveLength(1);
  });

  it.skipIf(!isHere)(
    "what is nobody's fault is told as such, and filling a view is nothing",
    async () => {
      await client.query(
        "CREATE TABLE log (at date) PARTITION BY RANGE (at); CREATE TABLE log_2030 PARTITION OF log FOR VALUES FROM ('2030-01-01') TO ('2031-01-01')",
      );
      await client.query("CREATE SCHEMA audit CREATE TABLE log (id int PRIMARY KEY)");
      await client.query("CREATE MATERIALIZED VIEW filled AS SELECT 1 AS one WITH NO DATA");
      await client.query("CREATE TABLE doubled (n int)");
      await release().verifySchema({ accept: true });
      await client.query("DROP TABLE log_2030");
      await client.query("REFRESH MATERIALIZED VIEW filled");
      await client.query("INSERT INTO doubled VALUES (1), (1)");
      await expect(
        client.query("CREATE UNIQUE INDEX CONCURRENTLY half ON doubled (n)"),
      ).rejects.toThrow(/could not create unique index/);
      await client.query("CREATE SCHEMA other CREATE TABLE log (id int)");
      await client.query(
        "CREATE TABLE log_2031 PARTITION OF log FOR VALUES FROM ('2031-01-01') TO ('2032-01-01')",
      );
      const { drifted, told } = await drift();
      expect(drifted).toEqual([]);
      expect(told).toEqual([
        "schema other is new: what is in it is not judged",
        "index public.half is not valid: a concurrent build left it",
        "table public.log_2030 is a partition that went since",
        "table public.log_2031 is a partition that came since",
      ]);
    },
  );

  it.skipIf(!isHere)(
    "a table that somebody has locked is named, with who has it, and nobody waits without end",
    async () => {
      await release().verifySchema({ accept: true });
      const other = new pg.Client({ connectionString: database.url, application_name: "nightly" });
      await other.connect();
      try {
        await other.query(
          "CREATE TABLE looked_at (id int); CREATE VIEW looking AS SELECT id FROM looked_at",
        );
        await other.query("BEGIN; LOCK TABLE looked_at IN ACCESS EXCLUSIVE MODE");
        for (const read of [() => release().verifySchema(), () => release().dump()])
          await expect(read()).rejects.toMatchObject({
            code: "schema_locked",
            message: expect.stringMatching(
              /public\.looked_at(, \S+)* was locked .* pid \d+, nightly/,
            ),
          });
        await other.query("COMMIT");
        await expect(release().dump()).resolves.toHaveLength(1);
      } finally {
        await other.end();
      }
    },
    60_000,
  );
});
