/** Backfills that faults are put into. Each row counts how often it was changed; a sequence forgets no visit. */
import { appendFileSync, existsSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { defineBackfill, sql } from "../../../src/index.ts";
import type { MigrationMap } from "../../../src/release/config.ts";
import { isGreedy, takeAllMemory } from "./memory.ts";

/** Small batches, so that there is something to be killed for a while. */
const slow = {
  batchSize: 200,
  maxBatchSize: 200,
  pauseMs: 2,
  parallel: 1,
  timeoutMs: 1_500,
} as const;
/** The same number of rows each time, however busy the machine is. */
const even = { ...slow, targetMs: 60_000, timeoutMs: 30_000 } as const;
/** Each batch takes its time, so that most kills hit one and not the rest after it. */
const slowly = sql`(select pg_sleep(seconds) is not null from slowness)`;
const table = { table: "numbers", key: "id" } as const;
const nothing = new Int32Array(new SharedArrayBuffer(4));
const countMysql = {
  ...{ ...table, ...slow },
  // Of each row, because there a query that waits is asked for each.
  where: sql`sleep((select seconds from slowness)) = 0`,
  set: { n: sql`n + 1 + 0 * nextval(visits)` },
};

export const backfills = {
  count: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow },
      where: slowly,
      set: { n: sql`n + 1 + 0 * nextval('visits')` },
    }),
  },
  /** Two connections in one process. */
  countTwice: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow, parallel: 2 },
      where: slowly,
      set: { n: sql`n + 1 + 0 * nextval('visits')` },
    }),
  },
  countEach: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow },
      where: slowly,
      each: (row) => ({ n: Number(row.n) + 1 }),
    }),
  },
  /** A batch lasts until somebody lets it. */
  countSlowly: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow, timeoutMs: 120_000 },
      where: slowly,
      set: { n: sql`n + 1` },
    }),
  },
  /** Lasts for a while, most of which is between two batches. */
  countLong: {
    "1_count": defineBackfill({ ...table, ...even, pauseMs: 100, set: { n: sql`n + 1` } }),
  },
  countLongEach: {
    "1_count": defineBackfill({
      ...{ ...table, ...even, pauseMs: 100 },
      each: (row) => ({ n: Number(row.n) + 1 }),
    }),
  },
  countMysql: { "1_count": defineBackfill(countMysql) },
  /** Without the sequence, which nodes of a cluster do not share. */
  countGalera: {
    "1_count": defineBackfill({ ...countMysql, targetMs: 60_000, set: { n: sql`n + 1` } }),
  },
  countTwiceMysql: { "1_count": defineBackfill({ ...countMysql, parallel: 2 }) },
  countSqlite: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow, pauseMs: 0 },
      each(row) {
        appendFileSync(besideFile("visits"), ".");
        if (existsSync(besideFile("slow"))) Atomics.wait(nothing, 0, 0, 0.1);
        return { n: Number(row.n) + 1 };
      },
    }),
  },
  /** Calls that take a while, under a lease that is soon over. */
  countEffect: {
    "1_count": defineBackfill({
      ...{ ...table, ...slow, batchSize: 20, maxBatchSize: 20, leaseMs: 1_000 },
      async effect() {
        process.stdout.write("effect\n");
        await sleep(5);
        return { n: sql`n + 1` };
      },
    }),
  },
  /** Their code takes all memory in the middle of a batch, where the child is told to be greedy. */
  greedyEach: {
    "1_count": defineBackfill({
      ...{ ...table, ...even },
      each(row) {
        takeMemoryAt(row);
        return { n: Number(row.n) + 1 };
      },
    }),
  },
  greedyBatch: {
    "1_count": defineBackfill({
      ...{ ...table, ...even },
      async batch(rows, db) {
        for (const row of rows) {
          await db.query(`update numbers set n = n + 1 where id = ${row.id}`);
          takeMemoryAt(row);
        }
      },
    }),
  },
  greedyEffect: {
    "1_count": defineBackfill({
      ...{ ...table, ...even, leaseMs: 1_000 },
      async effect(row) {
        takeMemoryAt(row);
        return { n: sql`n + 1` };
      },
    }),
  },
} satisfies { readonly [scenario: string]: MigrationMap };

export type BackfillScenario = keyof typeof backfills;

/** Behind some batches, and not at the beginning of one. */
function takeMemoryAt(row: Readonly<Record<string, unknown>>): void {
  if (Number(row.id) === 1_050 && isGreedy()) takeAllMemory();
}

/** The table, the sequence that counts visits, and how long a batch takes at least. */
export const numbersSql = (rows: number) =>
  `create table slowness (seconds float8); insert into slowness values (0.02); create sequence visits; create table numbers (id bigint primary key, n integer not null default 0); insert into numbers select g from generate_series(1, ${rows}) g; vacuum analyze numbers`;

/** The same on MariaDB, a statement at a time. */
export const numbersSqlMysql = (rows: number) => [
  "create table slowness (seconds double)",
  "insert into slowness values (0.0001)",
  "create sequence visits",
  "create table numbers (id bigint primary key, n integer not null default 0)",
  `insert into numbers select seq, 0 from seq_1_to_${rows}`,
];

/** The same on the nodes of a cluster. */
export const numbersSqlGalera = (rows: number) =>
  numbersSqlMysql(rows).filter((statement) => !statement.includes("sequence"));

/** SQLite has no sequences and no sleep: each visit is a byte of a file beside the database, another makes rows slow. */
function besideFile(name: "visits" | "slow"): string {
  return `${JSON.parse(process.env.FAULTS ?? "{}").address}-${name}`;
}
