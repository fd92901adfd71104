/** Backfills on a real MariaDB: the same definitions, resumed and shared. */
import { describe, expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { refusal, releaseOn } from "../conformance/support/release.ts";
import { freshMysql, type MysqlDatabase, mariadbOfFile } from "../support/mysql.ts";

// With a binary log, for whose sake the server locks what it reads.
const server = await mariadbOfFile(["--log-bin=log", "--binlog-format=MIXED"]);
const serverUrl = server?.url ?? "";

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

  it("gives each of two workers a range at once, and cuts the table at its start", () =>
    withNumbers(async (database) => {
      await database.query(
        "insert into numbers select seq, '2020-01-01' + interval seq microsecond, 0 from seq_1_to_25000",
      );
      let inside = 0;
      const together = Promise.withResolvers<void>();
      const { release } = run(database, {
        ...{ table: "numbers", key: "id", where: sql`id < 2 or id > 9007199254740992` },
        async batch(found, db) {
          inside += 1;
          if (inside === 2) together.resolve();
          await together.promise;
          const ids = found.map((row) => row.id).join(", ");
          await db.execute(`update numbers set n = n + 1 where id in (${ids})`);
        },
      });
      await release.migrateData();
      const [row] = await database.query("select sum(n) as n, max(n) as most from numbers");
      expect(row).toEqual({ n: String(rows + 1), most: 1 });
    }));

  it("stands in nobody's way while a batch is open: rows outside of it, and inserts around it", () =>
    withNumbers(async (database) => {
      const app = await database.adapter.open({ role: "work", application: "app" });
      await app.query("set session innodb_lock_wait_timeout = 1");
      const done: (number | string)[] = [];
      const first = 9007199254740993n;
      const { release } = run(database, {
        ...{ table: "numbers", key: "at", ...small, parallel: 1 },
        async batch(found, db) {
          const ids = found.map((row) => row.id).join(", ");
          await db.execute(`update numbers set n = n + 1 where id in (${ids})`);
          if (done.length > 0) return;
          const by = (sql: string) => app.change(sql).catch((error: Error) => error.message);
          done.push(
            await by("insert into numbers values (1, '2020-01-01', 1)"),
            await by("insert into numbers values (9007199254799999, '2022-01-01', 1)"),
            await by(`update numbers set n = n where id = ${first + 100n}`),
            await by(
              `update numbers set n = n where id between ${first + 100n} and 9007199254799998`,
            ),
          );
        },
      });
      await release.migrateData();
      await app.close();
      expect(done).toEqual([1, 1, 1, rows - 100]);
      expect(await counts(database)).toEqual(once);
    }));

  it("takes a snapshot without a lock on a row that others hold", () =>
    withNumbers(async (database) => {
      const app = await database.adapter.open({ role: "work", application: "app" });
      await app.query("begin");
      await app.query("select * from numbers where id = 9007199254740999 for update");
      let free: Promise<unknown> | undefined;
      const { release } = run(database, {
        ...{ table: "numbers", key: "id", ...small, snapshot: true, lockTimeoutMs: 9_000 },
        throttle: {
          // Is asked when the snapshot is there, before the first batch.
          check() {
            free ??= app.query("rollback");
            return false;
          },
        },
        set: { n: sql`n + 1` },
      });
      await app.query("set session innodb_lock_wait_timeout = 1");
      await release.migrateData();
      await free;
      await app.close();
      expect(await counts(database)).toEqual(once);
    }));

  it("works under a log of statements, which takes no READ COMMITTED", () =>
    withNumbers(async (database) => {
      await database.query("set global binlog_format = STATEMENT");
      try {
        const set = { n: sql`n + 1` };
        await run(database, { table: "numbers", key: "id", set, ...small }).release.migrateData();
      } finally {
        await database.query("set global binlog_format = MIXED");
      }
      expect(await counts(database)).toEqual(once);
    }));

  it("makes batches smaller that meet a lock, and tries a row that was always held again at the end", () =>
    withNumbers(async (database) => {
      await database.query("delete from numbers where id > 9007199254740992 + 200");
      const held = "9007199254740995";
      const app = await database.adapter.open({ role: "work", application: "app" });
      await app.query("begin");
      await app.query(`select * from numbers where id = ${held} for update`);
      const { release } = run(database, {
        ...{ table: "numbers", key: "id", set: { n: sql`n + 1` }, parallel: 1 },
        ...{ batchSize: 8, maxBatchSize: 8, pauseMs: 100, lockTimeoutMs: 1_000 },
      });
      const working = release.migrateData();
      const deadSql = "select `key`, kind from slipway_backfill_dead";
      const dead = () => database.query(deadSql).catch(() => []);
      while ((await dead()).length === 0) await new Promise((soon) => setTimeout(soon, 20));
      expect(await dead()).toEqual([{ key: `["${held}"]`, kind: "busy" }]);
      await app.query("rollback");
      await app.close();
      await working;
      expect(await counts(database)).toEqual(once);
    }));

  it("ends a statement that takes too long, and gives the connection back as it was", () =>
    withNumbers(async (database) => {
      await database.query("delete from numbers where id > 9007199254740992 + 20");
      const seen: unknown[] = [];
      const { release } = run(database, {
        ...{ table: "numbers", key: "id", timeoutMs: 300, parallel: 1, lockTimeoutMs: 1 },
        where: sql`sleep(if(id = 9007199254740999, 10, 0)) = 0`,
        async batch(found, db) {
          seen.push(...(await db.query(`select ${limits}`)), found.length);
        },
        verify: sql`select 1 from dual where @@max_statement_time <> 0 or @@tx_isolation <> 'REPEATABLE-READ'`,
      });
      const failed = await refusal(release.migrateData());
      expect(failed.message).toMatch(/1 row could not be changed/);
      const [dead] = (await release.backfills.show(1)).dead;
      expect(dead).toMatchObject({ key: ["9007199254740999"], attempts: 2 });
      expect(dead?.error).toMatch(/max_statement_time/);
      expect(seen[0]).toEqual({ waits: 1, silent: 2, isolation: "READ-COMMITTED" });
      // Only what comes after the batches runs verify, which asks for the settings.
      await release.backfills.retryDead(1, { accept: true });
    }));
});

const limits =
  "@@innodb_lock_wait_timeout as waits, @@idle_transaction_timeout as silent, @@tx_isolation as isolation";
