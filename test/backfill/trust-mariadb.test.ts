/** Tables that cannot roll back, and the night in which an hour comes twice, on MariaDB. */
import { describe, expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { refusal, releaseOn } from "../conformance/support/release.ts";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";
import { inZone } from "./support/in-zone.ts";

const server = await inZone("Europe/Berlin", () => mariadbOfFile());

type Definition = Parameters<typeof defineBackfill>[0];

async function onDatabase(work: (database: MysqlDatabase) => Promise<void>): Promise<void> {
  const database = await freshMysql(server?.url ?? "");
  try {
    await work(database);
  } finally {
    await database.dispose();
  }
}

const backfill = (database: MysqlDatabase, definition: Definition) =>
  releaseOn(database, {}, { dataMigrations: { "1_change": defineBackfill(definition) } }).release;

describe.skipIf(server === undefined)("on MariaDB", () => {
  it("visits each row of the night in which an hour comes twice, and copies its time exactly", () =>
    onDatabase(async (database) => {
      const rows = 360;
      await database.query(
        "create table visits (at timestamp(6) not null default '2000-01-01' unique, copy timestamp(6) null, n int not null default 0)",
      );
      await database.query(
        `insert into visits (at) select '2025-10-25 23:30:00.000001' + interval seq * 20 second from seq_1_to_${rows}`,
      );
      await backfill(database, {
        ...{ table: "visits", key: "at", batchSize: 50, maxBatchSize: 50 },
        each: (row) => ({ copy: row.at, n: Number(row.n) + 1 }),
      }).migrateData();
      const good = "select count(*) as n from visits where copy = at and n = 1";
      expect(await database.query(good)).toEqual([{ n: rows }]);
    }));

  it.each(["MyISAM", "Aria", "MEMORY", "CSV"])(
    "refuses tables of %s by name, before anything ran",
    (engine) =>
      onDatabase(async (database) => {
        const id = engine === "CSV" ? "id int not null" : "id int primary key";
        await database.query(`create table flat (${id}, n int not null) engine = ${engine}`);
        await database.query("create table good (id int primary key, n int not null)");
        const set = { table: "flat", key: "id", set: { n: 1 } };
        const columns = { id: sql`id`, n: sql`n` };
        const insert = { table: "good", key: "id", insert: { into: "flat", columns } };
        for (const definition of engine === "CSV" ? [insert] : [set, insert]) {
          const release = backfill(database, definition);
          expect(await refusal(release.migrateData())).toMatchObject({
            code: "backfill_refused",
            message: `repo main: 1_change cannot run: flat is kept by ${engine}, which cannot roll back: a batch that fails would be done twice`,
          });
          expect(await release.backfills.list()).toEqual([]);
        }
      }),
  );

  it("refuses a key that each change of a row moves, but for reading it", () =>
    onDatabase(async (database) => {
      const moved = "timestamp(6) not null default current_timestamp(6)";
      await database.query(
        `create table visits (id int not null, at ${moved} on update current_timestamp(6), n int not null default 0, primary key (at, id))`,
      );
      await database.query("create table seen (id int primary key)");
      await database.query("insert into visits (id, at) select seq, now(6) from seq_1_to_9");
      const place = { table: "visits", key: ["at", "id"], batchSize: 3, maxBatchSize: 3 };
      const change = { ...place, set: { n: sql`n + 1` } };
      for (const definition of [change, { ...change, snapshot: true as const }]) {
        const release = backfill(database, definition);
        expect(await refusal(release.migrateData())).toMatchObject({
          code: "backfill_refused",
          message:
            "repo main: 1_change cannot run: visits: each change of a row changes at (ON UPDATE CURRENT_TIMESTAMP)",
        });
        expect(await release.backfills.list()).toEqual([]);
      }
      const columns = { id: sql`id` };
      await backfill(database, { ...place, insert: { into: "seen", columns } }).migrateData();
      expect(await database.query("select count(*) as n from seen")).toEqual([{ n: 9 }]);
    }));

  it("warns before a migration of a table that cannot roll back", () =>
    onDatabase(async (database) => {
      await database.query("create table flat (id int primary key) engine = MyISAM");
      await database.query("create table good (id int primary key)");
      const { release, lines } = releaseOn(database, {
        "1_good": "-- migrate:up\nupdate good set id = 2; -- flat\n",
        "2_flat": "-- migrate:up\nupdate `flat` set id = 2;\n",
      });
      await release.migrate();
      expect(lines.filter((line) => line.startsWith("warning"))).toEqual([
        "warning: repo main: flat is kept by MyISAM, which cannot roll back: what 2_flat does to it stays, also when it fails",
      ]);
    }));
});
