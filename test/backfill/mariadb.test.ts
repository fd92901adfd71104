/** Backfills on a real MariaDB: the same definitions, resumed and shared. */
import { afterAll, describe, expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { refusal, releaseOn } from "../conformance/support/release.ts";
import { startMariadb } from "../support/mariadb.ts";
import { addOwner, freshMysql, type MysqlDatabase } from "../support/mysql.ts";

const server = await startMariadb();
const serverUrl = server?.url ?? "";
if (server !== undefined) await addOwner(serverUrl);
afterAll(() => server?.stop());

const rows = 3_000;

async function withNumbers(work: (database: MysqlDatabase) => Promise<void>): Promise<void> {
  const database = await freshMysql(serverUrl);
  try {
    await database.query(
      "create table numbers (id bigint primary key, at datetime(6) not null unique, n int not null default 0)",
    );
    await database.query(
      `insert into numbers select 9007199254740992 + seq, '2021-01-01' + interval seq microsecond, 0 from seq_1_to_${rows}`,
    );
    await work(database);
  } finally {
    await database.dispose();
  }
}

type Definition = Parameters<typeof defineBackfill>[0];

const run = (database: MysqlDatabase, backfill: Definition) =>
  releaseOn(database, {}, { dataMigrations: { "1_count": defineBackfill(backfill) } });

async function counts(database: MysqlDatabase): Promise<unknown> {
  const [row] = await database.query(
    "select cast(sum(n = 0) as signed) as missed, cast(sum(n > 1) as signed) as twice from numbers",
  );
  return row;
}

const once = { missed: 0, twice: 0 };
const small = { batchSize: 100, maxBatchSize: 100 } as const;

describe.skipIf(server === undefined)("on MariaDB", () => {
  it.each(["id", "at"])("visits every key %s once, beyond 2^53 and to the microsecond", (key) =>
    withNumbers(async (database) => {
      const set = { n: sql`n + 1` };
      await run(database, { table: "numbers", key, set, ...small }).release.migrateData();
      expect(await counts(database)).toEqual(once);
    }),
  );

  it("goes on where it stopped, and two share it", () =>
    withNumbers(async (database) => {
      const backfill = {
        ...{ table: "numbers", key: "id", ...small, pauseMs: 5 },
        each: (row: Record<string, unknown>) => ({ n: Number(row.n) + 1 }),
      };
      const { release } = run(database, backfill);
      const [first] = await release.migrateData({ forMs: 100 });
      expect(first?.resume).toEqual({ version: "1", name: "count" });
      const both = [run(database, backfill).release, run(database, backfill).release];
      await Promise.all(both.map((one) => one.migrateData()));
      expect(await counts(database)).toEqual(once);
    }));

  it("has snapshots, dead letters and effects", () =>
    withNumbers(async (database) => {
      const { release } = run(database, {
        ...{ table: "numbers", key: "id", ...small, snapshot: true },
        each(row) {
          if (row.id === "9007199254740999") throw new Error("not this one");
          return { n: Number(row.n) + 1 };
        },
      });
      expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
      const { dead } = await release.backfills.show(1);
      expect(dead).toEqual([
        { key: ["9007199254740999"], kind: "error", error: "not this one", attempts: 1 },
      ]);
      await release.backfills.retryDead(1, { accept: true });
      expect(await counts(database)).toEqual({ missed: 1, twice: 0 });
      const effect = defineBackfill({
        ...{ table: "numbers", key: "id", where: sql`n = 0` },
        effect: async () => ({ n: 1 }),
      });
      await releaseOn(database, {}, { dataMigrations: { "2_rest": effect } }).release.migrateData();
      expect(await counts(database)).toEqual(once);
    }));
});
