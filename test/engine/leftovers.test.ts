/** What one migration leaves on its connection, the next one does not find. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { defineMigration, defineRelease, type MigrationDatabase } from "slipway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";
import { freshMysql, mariadbOfFile } from "../support/mysql.ts";
import { makePgliteFolder } from "../support/pglite.ts";
import { freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

const server = await mariadbOfFile();

/** Migrates with a look before and after `dirty`, and gives what was seen. */
async function lookAround(
  adapter: Adapter,
  dirty: string,
  look: (db: MigrationDatabase) => Promise<unknown>,
) {
  const seen: unknown[] = [];
  const looking = defineMigration({
    up: (m) => m.run(async (db) => void seen.push(await look(db))),
  });
  const migrations = { "1_before": looking, "2_dirty": dirty, "3_after": looking };
  const repos = { main: { adapter, migrations } };
  await defineRelease({ app: "leftovers", repos }).using(recorder().world).migrate();
  return seen;
}

/** Everything that PostgreSQL keeps for a session. */
async function postgresSession(db: MigrationDatabase) {
  const rows = (sql: string) => db.query(sql);
  return {
    settings: await rows(
      // The settings of PL/pgSQL are there as soon as a block of it has run, ours or anybody's.
      "select name, setting from pg_settings where name !~ '^(transaction_|plpgsql[.])' order by name",
    ),
    who: await rows("select current_user, session_user, current_schemas(false)::text"),
    temporary: await rows(
      "select relname from pg_class where relnamespace = pg_my_temp_schema() order by 1",
    ),
    channels: await rows("select pg_listening_channels()"),
    cursors: await rows("select name from pg_cursors where is_holdable"),
    prepared: await rows("select name from pg_prepared_statements"),
    locks: await rows(
      "select classid, objid from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()",
    ),
    made: await rows("select coalesce(current_setting('app.tenant', true), '') as tenant"),
  };
}

const postgresDirt = `
create table parents (id int primary key);
create temp table parts (id int primary key, parent int references parts (id) deferrable initially deferred);
insert into parts values (1, 1);
listen news;
declare held cursor with hold for select 1;
prepare one as select 1;
select pg_advisory_lock(4711);
set search_path to pg_catalog;
set datestyle to german;
set statement_timeout to '1h';
set app.tenant to '7';
set session authorization pg_monitor;
set role pg_monitor;
`;

describe("on PostgreSQL", () => {
  let database: Awaited<ReturnType<typeof freshDatabase>>;
  beforeAll(async () => {
    database = await freshDatabase();
  });
  afterAll(() => database.drop());

  it("nothing of the session is left", async () => {
    const { postgres } = await import("../../src/adapters/postgres/index.ts");
    const adapter = postgres({ url: database.url });
    const [before, after] = await lookAround(adapter, postgresDirt, postgresSession);
    expect(after).toEqual(before);
  });
});

describe("on PGlite", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-left-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("nothing of the session is left in a database that Slipway opened", async () => {
    makePgliteFolder(join(folder, "data"));
    const adapter = pglite({ dataDir: join(folder, "data") });
    const [before, after] = await lookAround(adapter, postgresDirt, postgresSession);
    expect(after).toEqual(before);
  });
});

async function sqliteSession(db: MigrationDatabase) {
  const pragmas = [
    "foreign_keys",
    "recursive_triggers",
    "legacy_alter_table",
    "defer_foreign_keys",
  ];
  const values: unknown[] = [];
  for (const name of pragmas) values.push(...(await db.query(`pragma ${name}`)));
  return {
    pragmas: values,
    databases: await db.query(
      "select name from pragma_database_list where name <> 'temp' order by seq",
    ),
    temporary: await db.query("select name from sqlite_temp_schema order by name"),
    likes: await db.query("select 'a' like 'A' as same"),
  };
}

const sqliteDirt = `
-- slipway: transaction=false
create temp table parts (id integer primary key);
create temp view seen as select * from parts;
attach ':memory:' as other;
pragma foreign_keys = off;
pragma recursive_triggers = on;
pragma legacy_alter_table = on;
pragma case_sensitive_like = on;
`;

describe("on SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-left-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each([join(folder, "test.db"), ":memory:"])(
    "nothing of the connection is left: %s",
    async (path) => {
      const [before, after] = await lookAround(sqlite({ path }), sqliteDirt, sqliteSession);
      expect(after).toEqual(before);
    },
  );
});

describe.skipIf(server === undefined)("on MariaDB", () => {
  it("nothing of the connection is left", async () => {
    const database = await freshMysql(server?.url ?? "");
    const look = async (db: MigrationDatabase) => ({
      settings: await db.query(
        "select variable_name as name, session_value as value from information_schema.system_variables where session_value is not null and variable_name not in ('TIMESTAMP', 'RAND_SEED1', 'RAND_SEED2', 'LAST_INSERT_ID', 'INSERT_ID', 'IDENTITY', 'WARNING_COUNT', 'ERROR_COUNT', 'LAST_GTID', 'GTID_SEQ_NO', 'IN_TRANSACTION') order by 1",
      ),
      variable: await db.query("select @mine as mine"),
      database: await db.query("select database() as name"),
      lock: await db.query("select is_used_lock('mine') as holder"),
      temporary: await db.query("select * from parts").then(
        () => "there",
        () => "gone",
      ),
      prepared: await db.query("execute one").then(
        () => "there",
        () => "gone",
      ),
    });
    const dirt = `
set @mine = 7;
set session time_zone = '+05:45', sql_mode = 'ANSI', lc_time_names = 'de_DE', max_statement_time = 60;
set names latin1;
create temporary table parts (id int);
select get_lock('mine', 0);
prepare one from 'select 1';
`;
    const [before, after] = await lookAround(database.adapter, dirt, look);
    expect(after).toEqual(before);
    await database.dispose();
  });
});
