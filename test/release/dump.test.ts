/** A dump as the first migration, of a database that Slipway manages: by the real pg_dump, and in the shape of 18's. */
import { spawnSync } from "node:child_process";
import { defineMigration, defineRelease, type MigrationsOption } from "slipway";
import { afterAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { databaseKinds, pooled, testDatabase } from "../support/databases.ts";
import { debianProgram } from "../support/debian.ts";
import { startPostgres } from "../support/postgres-server.ts";
import { recorder } from "../support/recorder.ts";

const folder = "/usr/lib/postgresql/15/bin";
const pgDump = debianProgram("pg_dump", "postgresql-15", folder);
const programs = { initdb: `${folder}/initdb`, postgres: `${folder}/postgres` };
const server = pgDump === undefined ? undefined : await startPostgres({ programs });
afterAll(() => server?.stop());

/** Rows that look like SQL, like markers and like the end of rows. */
const rows = ["it's", "$$", "-- migrate:down", "\\.", "a\ttab\nline", "é😀", ";"];
const first = {
  "1_posts": defineMigration({
    up(m) {
      m.createTable("posts", (t) => {
        t.id();
        t.column("title", "text");
      });
      for (const row of rows)
        m.execute("insert into posts (title) values ($1)", { parameters: [row] });
    },
  }),
};

const migrate = (
  adapter: Adapter,
  migrations: MigrationsOption,
  historyTable = "schema_migrations",
) =>
  defineRelease({ app: "blog", repos: { main: { adapter, migrations, historyTable } } })
    .using(recorder().world)
    .migrate();

async function on(adapter: Adapter, sql: string) {
  const session = await adapter.open({ role: "work", application: "test" });
  try {
    return await session.query(sql);
  } finally {
    await session.close();
  }
}

describe.skipIf(server === undefined)("pg_dump 15", () => {
  it.each([
    ["as it is", [], "schema_migrations"],
    ["with inserts, and a history of another name", ["--inserts"], "done_here"],
  ])("%s is a baseline", async (_, options, historyTable) => {
    const at = (name: string) => {
      const url = new URL(server?.url ?? "");
      url.pathname = `/${name}_${historyTable}`;
      return url.href;
    };
    const [old, fresh] = [at("old"), at("fresh")].map((url) => postgres({ url })) as [
      Adapter,
      Adapter,
    ];
    await old.storage?.create();
    await fresh.storage?.create();
    await migrate(old, first, historyTable);
    const { stdout } = spawnSync(pgDump ?? "", [...options, at("old")], { encoding: "utf8" });
    expect(stdout).toContain(`CREATE TABLE public.${historyTable}`);
    const baseline = { "7_baseline": stdout };
    const [outcome] = await migrate(fresh, baseline, historyTable);
    expect(outcome?.migrations.map(({ version }) => version)).toEqual(["7"]);
    const titles = await on(fresh, "select title from public.posts order by id");
    expect(titles.map(({ title }) => title)).toEqual(rows);
    expect(await on(fresh, `select version::int from public.${historyTable}`)).toEqual([
      { version: 7 },
    ]);
    // The next one goes on behind it, and ids do not start again.
    await migrate(
      fresh,
      { ...baseline, "8_more": "insert into posts (title) values ('more');" },
      historyTable,
    );
    expect(await on(fresh, "select max(id)::int as id from posts")).toEqual([
      { id: rows.length + 1 },
    ]);
  });
});

/** As pg_dump 18 writes it, without what an older server has not. */
const like18 = `--
-- PostgreSQL database dump
--

\\restrict hK2bzv0Yf0cVbLw3

-- Dumped from database version 18.0
-- Dumped by pg_dump version 18.0

SET statement_timeout = 0;
SET lock_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET row_security = off;

CREATE TABLE public.posts (
    id bigint NOT NULL,
    title text
);

CREATE TABLE public.schema_migrations (
    version bigint NOT NULL,
    inserted_at timestamp without time zone
);

CREATE TABLE public.slipway_lock (
    name text NOT NULL
);

COPY public.posts (id, title) FROM stdin;
1\tit's $$ -- migrate:down
2\t\\N
\\.


COPY public.schema_migrations (version, inserted_at) FROM stdin;
1\t2021-07-18 15:33:39
\\.


ALTER TABLE ONLY public.posts
    ADD CONSTRAINT posts_pkey PRIMARY KEY (id);

ALTER TABLE ONLY public.schema_migrations
    ADD CONSTRAINT schema_migrations_pkey PRIMARY KEY (version);

\\unrestrict hK2bzv0Yf0cVbLw3

--
-- PostgreSQL database dump complete
--
`;

describe.each(databaseKinds.filter((kind) => kind !== "sqlite"))(
  "the shape of 18's, on %s",
  (kind) => {
    // Settings of a connection outside of a transaction are refused behind a pooler.
    const settings = pooled ? [""] : ["", "-- slipway: transaction=false\n"];
    it.each(settings)("is a baseline %j", async (setting) => {
      const database = await testDatabase(kind);
      try {
        await migrate(database.adapter, { "3_baseline": setting + like18 });
        expect(await database.query("select id::int, title from posts order by id")).toEqual([
          { id: 1, title: "it's $$ -- migrate:down" },
          { id: 2, title: null },
        ]);
        expect(await database.query("select version::int from schema_migrations")).toEqual([
          { version: 3 },
        ]);
      } finally {
        await database.dispose();
      }
    });

    it("a row that the table refuses is told with its COPY", async () => {
      const database = await testDatabase(kind);
      try {
        const broken = like18.replace("2\t\\N", "two\t\\N");
        await expect(migrate(database.adapter, { "3_baseline": broken })).rejects.toThrow(
          /line 32, statement \d+ of \d+, near COPY public\.posts \(id, title\) FROM stdin: .*two.*\(COPY posts, line 2, column id: "two"\)/,
        );
        expect(await database.tables()).toEqual([]);
      } finally {
        await database.dispose();
      }
    });
  },
);
