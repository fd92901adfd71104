/** Beside extensions of Debian's PostgreSQL 15: partitions that a scheduler makes, a repack in the middle, an update. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineMigration, defineRelease, type MigrationsOption } from "../../src/index.ts";
import type { RepoConfig } from "../../src/release/config.ts";
import { freshDatabase } from "../support/postgres.ts";
import { program15, startPostgres15With } from "../support/postgres-15.ts";
import { recorder } from "../support/recorder.ts";
import { ask, hold, until } from "./support/server.ts";

const server = await startPostgres15With(
  {
    pg_partman: "postgresql-15-partman",
    pg_cron: "postgresql-15-cron",
    pg_repack: "postgresql-15-repack",
    pgaudit: "postgresql-15-pgaudit",
    hypopg: "postgresql-15-hypopg",
    pglogical: "postgresql-15-pglogical",
    postgis: "postgresql-15-postgis-3",
  },
  {
    connections: 40,
    settings: { wal_level: "logical", shared_preload_libraries: "pg_cron,pgaudit,pglogical" },
  },
);
afterAll(() => server?.stop());
const url = server?.url ?? "";

function release(migrations: MigrationsOption, more: Partial<RepoConfig> = {}, at = url) {
  const main = { adapter: postgres({ url: at }), migrations, safe: "off" as const, ...more };
  return defineRelease({ app: "app", repos: { main } }).using(recorder().world);
}

const base: MigrationsOption = {
  "1_extensions": `CREATE EXTENSION pgaudit; CREATE EXTENSION hypopg; CREATE EXTENSION pg_repack; CREATE EXTENSION pg_cron;
CREATE SCHEMA partman; CREATE EXTENSION pg_partman SCHEMA partman; CREATE EXTENSION postgis;`,
  "2_tables": `CREATE TABLE events (id bigint GENERATED ALWAYS AS IDENTITY, at timestamptz NOT NULL, body text) PARTITION BY RANGE (at);
CREATE TABLE events_template (LIKE events);
CREATE TABLE places (id int PRIMARY KEY, at geometry(Point, 4326));
CREATE INDEX places_at ON places USING gist (at);`,
  "3_partman": `SELECT partman.create_parent(p_parent_table => 'public.events', p_control => 'at', p_type => 'native', p_interval => 'daily', p_template_table => 'public.events_template', p_premake => 2);`,
};

const partitions =
  "SELECT count(*)::int AS n FROM pg_inherits WHERE inhparent = 'events'::regclass";
const numberOf = async (sql: string) => Number((await ask(url, sql))[0]?.n);

describe.skipIf(server === undefined)("beside extensions", () => {
  it("partitions that a scheduler makes are told, and are no drift", {
    timeout: 60_000,
  }, async () => {
    await release(base).migrate();
    expect(await release(base).verifySchema()).toMatchObject([{ drifted: [], told: [] }]);
    const before = await numberOf(partitions);
    await ask(url, "UPDATE partman.part_config SET premake = 6, infinite_time_partitions = true");
    await ask(
      url,
      "SELECT cron.schedule('maintain', '0 3 * * *', 'SELECT partman.run_maintenance()')",
    );
    await ask(url, "SELECT partman.run_maintenance()");
    const made = (await numberOf(partitions)) - before;
    expect(made).toBeGreaterThan(2);
    const [verified] = await release(base).verifySchema();
    expect(verified?.drifted).toEqual([]);
    expect(verified?.told).toHaveLength(made);
    expect(verified?.told[0]).toMatch(/^table public\.events_p\w+ is a partition that came since$/);
  });

  it("DDL on the parent reaches its partitions, and the template is its own", {
    timeout: 60_000,
  }, async () => {
    const more = {
      ...base,
      "4_note": defineMigration({
        change: (m) => {
          m.alterTable("events", (t) => t.add("note", "text"));
          m.createIndex("events", ["body"]);
        },
      }),
    };
    await release(more).migrate();
    const lacking =
      "SELECT count(*)::int AS n FROM pg_inherits i WHERE inhparent = 'events'::regclass AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = i.inhrelid AND a.attname = 'note')";
    expect(await numberOf(lacking)).toBe(0);
    const indexes =
      "SELECT count(*)::int AS n FROM pg_indexes WHERE tablename LIKE 'events_p%' AND indexdef LIKE '%(body)'";
    expect(await numberOf(indexes)).toBe((await numberOf(partitions)) - 1);
    await release(more).rollback("main", { step: 1 });
    expect(await numberOf(indexes)).toBe(0);
    expect(await release(more).verifySchema()).toMatchObject([{ drifted: [] }]);
  });

  it("what belongs to an extension is in no dump, and the dump loads", {
    timeout: 60_000,
  }, async () => {
    const [dump] = await release(base).dump();
    const sql = dump?.sql ?? "";
    for (const name of ["partman", "postgis", "hypopg", "pg_cron"])
      expect(sql).toMatch(
        new RegExp(`CREATE EXTENSION (IF NOT EXISTS )?"?(pg_)?${name.replace("pg_", "")}`),
      );
    expect(sql).not.toMatch(
      /CREATE (TABLE|VIEW|FUNCTION|TYPE) (partman|repack|cron)\.|spatial_ref_sys|st_makepoint/i,
    );
    expect(sql).toContain("public.places");
  });

  it("a repack in the middle is named, is never ended, and the next run has its turn", {
    timeout: 120_000,
  }, async () => {
    await ask(url, "CREATE TABLE big (id int PRIMARY KEY, body text)");
    await ask(url, "INSERT INTO big SELECT g, repeat('x', 100) FROM generate_series(1, 2000) g");
    const old = await hold(
      url,
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM places",
    );
    const repack = startRepack("public.big");
    await until(
      url,
      "SELECT 1 FROM pg_stat_activity WHERE application_name = 'pg_repack' AND state = 'idle in transaction' AND clock_timestamp() - state_change > interval '0.3 s'",
    );
    const more = { ...base, "5_big": "ALTER TABLE big ADD COLUMN note text;" };
    const policy = { lockTimeoutMs: 100, retryForMs: 1_500, endIdleBlockersAfterMs: 50 };
    await expect(release(more, { policy }).migrate()).rejects.toThrow(
      /waited for AccessExclusiveLock on big; in the way: pid \d+, pg_repack, .*LOCK TABLE public\.big IN ACCESS SHARE MODE/,
    );
    expect(repack.exitCode).toBeNull();
    await old.query("COMMIT");
    await old.end();
    if (repack.exitCode === null) await once(repack, "exit");
    expect(repack.exitCode).toBe(0);
    expect(await release(more).migrate()).toMatchObject([{ migrations: [{ version: "5" }] }]);
    const left = "SELECT count(*)::int AS n FROM pg_trigger WHERE tgname LIKE 'repack%'";
    expect(await numberOf(left)).toBe(0);
  });

  it("an update of an extension is a statement with its versions, up and down", {
    timeout: 60_000,
  }, async () => {
    const version = "SELECT extversion AS n FROM pg_extension WHERE extname = 'pglogical'";
    const more = {
      ...base,
      "6_pglogical": "CREATE EXTENSION pglogical VERSION '2.4.1';",
      "7_update": `-- migrate:up
ALTER EXTENSION pglogical UPDATE TO '2.4.2';
-- migrate:down
DROP EXTENSION pglogical CASCADE;
CREATE EXTENSION pglogical VERSION '2.4.1';`,
    };
    await release(more).migrate();
    expect(await ask(url, version)).toEqual([{ n: "2.4.2" }]);
    await release(more).rollback("main", { step: 1 });
    expect(await ask(url, version)).toEqual([{ n: "2.4.1" }]);
  });

  it("PostGIS refuses to be made while pgaudit logs DDL: nothing of the migration stays", {
    timeout: 60_000,
  }, async () => {
    // Not dropped: DROP DATABASE waits for ever for the supervisor of pglogical 2.4.2, and the server ends anyway.
    const { url: other } = await freshDatabase(url);
    const migrations = (before: string) => ({
      "1_gis": `${before}CREATE EXTENSION pgaudit; SET pgaudit.log = 'ddl'; CREATE EXTENSION postgis;`,
    });
    await expect(release(migrations(""), {}, other).migrate()).rejects.toThrow(
      /Set pgaudit\.log to 'none' before installing PostGIS/,
    );
    expect(await ask(other, "SELECT extname FROM pg_extension")).toEqual([{ extname: "plpgsql" }]);
  });

  it("an extension that has a script for the way back is updated, rolled back and updated again", {
    timeout: 60_000,
  }, async () => {
    const { url: other } = await freshDatabase(url);
    const there = async () =>
      ask(other, "SELECT extversion AS n FROM pg_extension ORDER BY oid DESC LIMIT 1");
    const one = release(
      {
        "1_made": "CREATE EXTENSION address_standardizer VERSION '3.3.2';",
        "2_updated": defineMigration({
          change: (m) =>
            m.updateExtension("address_standardizer", { to: "3.3.2next", was: "3.3.2" }),
        }),
      },
      {},
      other,
    );
    await one.migrate();
    expect(await there()).toEqual([{ n: "3.3.2next" }]);
    await one.rollback("main", { step: 1 });
    expect(await there()).toEqual([{ n: "3.3.2" }]);
    await one.migrate();
    expect(await there()).toEqual([{ n: "3.3.2next" }]);
  });
});

function startRepack(table: string): ChildProcess {
  const { hostname, port, username, password } = new URL(url);
  const at = ["-h", hostname, "-p", port, "-U", username];
  return spawn(program15("pg_repack"), [...at, "-t", table, "-T", "300", "-D", "postgres"], {
    env: { ...process.env, PGPASSWORD: decodeURIComponent(password) },
    stdio: "ignore",
  });
}
