/**
 * The tables of Slipway as earlier versions of it made them, dumped from databases that those versions had migrated:
 * the next run completes them in place, and everything that they say still counts.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineBackfill, defineMigration, defineRelease, type MigrationsOption } from "slipway";
import { afterEach, describe, expect, it } from "vitest";
import { historyColumns } from "../../src/engine/history-table.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { recorder } from "../support/recorder.ts";

const folder = join(import.meta.dirname, "../fixtures/earlier-shapes");
const shapes = [
  "bare",
  "plans",
  "journal",
  "phases",
  "events",
  "reached",
  "ids",
  "people",
] as const;
type Shape = (typeof shapes)[number];
type Kind = (typeof databaseKinds)[number] | "mariadb";

const mariadb = await mariadbOfRun();

/** What was applied, what had stopped half way before it was mended, and what is new. */
const migrations = {
  "1_users": defineMigration({
    change(m) {
      m.createTable("users", (t) => {
        t.id();
        t.column("name", "string");
      });
    },
  }),
  "2_parts": `-- slipway: transaction=false
-- migrate:up
create table parts (id integer);
insert into parts values (1);
-- migrate:down
drop table parts;
`,
  "3_more": "-- migrate:up\ncreate table more (id integer);\n-- migrate:down\ndrop table more;\n",
};

const cases = [...databaseKinds, "mariadb" as const].flatMap((kind) =>
  shapes.filter((shape) => hasShape(shape, kind)).map((shape) => [shape, kind] as const),
);

describe.each(cases)("the shape %s on %s", (shape, kind) => {
  let database: Pick<TestDatabase, "adapter" | "query" | "dispose"> | undefined;
  afterEach(() => database?.dispose());

  function release(of: MigrationsOption) {
    const heard = recorder();
    const adapter = database?.adapter;
    if (adapter === undefined) throw new Error("no database");
    const main = { adapter, migrations: of, dataMigrations: {} };
    const defined = defineRelease({ app: "blog", version: "2.0.0", repos: { main } });
    return { lines: heard.lines, release: defined.using(heard.world) };
  }

  it.skipIf(kind === "mariadb" && mariadb === undefined)(
    "is read as it is, completed by the next run, and rolled back by what it keeps",
    async () => {
      database = await (kind === "mariadb" ? freshMysql(mariadb?.url ?? "") : testDatabase(kind));
      for (const sql of statementsOf(shape, kind)) await database.query(sql);

      const [status] = await release(migrations).release.migrationStatus();
      expect(status?.migrations.map((row) => row.status)).toEqual(["up", "down", "down"]);
      const [past] = await release(migrations).release.history();
      const known = ["events", "reached", "ids", "people"].includes(shape)
        ? ["failed", "applied"]
        : [];
      expect(past?.events.map(({ result }) => result)).toEqual(known);

      const next = release(migrations);
      await next.release.migrate();
      const resumed = next.lines.filter((line) => line.includes("done before"));
      expect(resumed).toHaveLength(hasJournal(shape) ? 1 : 0);
      expect(await numbers(database, "select id as it from parts")).toEqual([1]);
      const fences = "select fence as it from schema_migrations where version > 1";
      const taken = hasLock(shape, kind) ? 2 : 1;
      expect(await numbers(database, fences)).toEqual([taken, taken]);

      // Before there were plans in the history, only the files know the way back.
      const { release: older } = release(shape === "bare" ? migrations : {});
      await older.rollback("main", 1);
      expect(await numbers(database, "select count(*) as it from schema_migrations")).toEqual([0]);
      for (const table of ["users", "parts", "more"])
        await expect(database.query(`select 1 from ${table}`)).rejects.toThrow(table);
      const [whole] = await older.history({ limit: 5 });
      expect(whole?.events.map(({ version, result }) => `${version} ${result}`)).toEqual([
        "1 rolled_back",
        "2 rolled_back",
        "3 rolled_back",
        "3 applied",
        "2 applied",
      ]);
    },
  );
});

it.each([...databaseKinds, "mariadb"] as const)(
  "a backfill that an earlier version began is read, finished and forgotten, on %s",
  async (kind) => {
    if (kind === "mariadb" && mariadb === undefined) return;
    const database = await (kind === "mariadb"
      ? freshMysql(mariadb?.url ?? "")
      : testDatabase(kind));
    try {
      for (const sql of statementsOf("ledger", kind)) await database.query(sql);
      const count = defineBackfill({ table: "posts", key: "id", set: { done: 2 } });
      const main = {
        adapter: database.adapter,
        migrations: {},
        dataMigrations: { "1_count": count },
      };
      const release = defineRelease({ app: "blog", repos: { main } }).using(recorder().world);
      expect(await release.backfills.show(1)).toMatchObject({ state: "running", rowsSeen: 4 });
      await release.migrateData({ acceptChanged: true });
      expect(await numbers(database, "select done as it from posts order by id")).toEqual([
        ...[1, 1, 1, 1],
        ...[2, 2],
      ]);
      await release.rollback("main", 1, { data: true });
      await release.migrateData();
      expect(await numbers(database, "select count(*) as it from posts where done = 2")).toEqual([
        6,
      ]);
      const empty = "select count(*) as it from slipway_backfills where table_identity = ''";
      expect(await numbers(database, empty)).toEqual([0]);
    } finally {
      await database.dispose();
    }
  },
);

it.each(databaseKinds)(
  "a way back that forgets a backfill, known by its words alone, makes the tables that it needs, on %s",
  async (kind) => {
    const database = await testDatabase(kind);
    try {
      for (const sql of statementsOf("marked", kind)) await database.query(sql);
      const main = { adapter: database.adapter, migrations: {}, dataMigrations: {} };
      const release = defineRelease({ app: "blog", repos: { main } }).using(recorder().world);
      await release.rollback("main", 1, { data: true });
      const left = "select count(*) as it from data_migrations";
      expect(await numbers(database, left)).toEqual([0]);
    } finally {
      await database.dispose();
    }
  },
);

it("every fixture is used", () => {
  const ledgers = ["postgres", "sqlite", "mariadb"].map((kind) => `ledger.${kind}.sql`);
  const marked = ["postgres", "sqlite"].map((kind) => `marked.${kind}.sql`);
  const used = [...ledgers, ...marked, ...cases.map(([shape, kind]) => fileOf(shape, kind))];
  expect(readdirSync(folder).toSorted()).toEqual([...new Set(used)].toSorted());
});

it("the history has no column more than the last shape: dump it before you add one", () => {
  const last = readFileSync(join(folder, "people.sqlite.sql"), "utf8");
  const [, columns = ""] = /CREATE TABLE "schema_migrations" \((.*)\);/.exec(last) ?? [];
  expect(columns.match(/"\w+"/g)).toEqual(historyColumns.map(({ name }) => `"${name}"`));
});

function fileOf(shape: Shape | "ledger" | "marked", kind: Kind): string {
  return `${shape}.${kind === "pglite" ? "postgres" : kind}.sql`;
}

/** The first two shapes are older than the adapter for MariaDB. */
function hasShape(shape: Shape, kind: Kind): boolean {
  return kind !== "mariadb" || hasJournal(shape);
}

function hasJournal(shape: Shape): boolean {
  return shape !== "bare" && shape !== "plans";
}

/** On SQLite the lock has been in a row from the beginning. */
function hasLock(shape: Shape, kind: Kind): boolean {
  return kind === "sqlite" || hasJournal(shape);
}

function statementsOf(shape: Shape | "ledger" | "marked", kind: Kind): readonly string[] {
  const text = readFileSync(join(folder, fileOf(shape, kind)), "utf8");
  return text
    .replace(/^--.*\n/, "")
    .split(/;\n/)
    .filter((sql) => sql.trim() !== "");
}

async function numbers(
  database: Pick<TestDatabase, "query">,
  sql: string,
): Promise<readonly number[]> {
  return (await database.query(sql)).map((row) => Number(row.it));
}
