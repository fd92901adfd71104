/** What must not compile of a backfill. TypeScript checks this file; nothing runs it. */
import { defineBackfill, sql } from "slipway";

const at = { table: "posts", key: "id" } as const;

export const fine = [
  defineBackfill({ ...at, set: { title: "x", n: 1, at: sql`now()`, gone: null } }),
  defineBackfill({ ...at, key: ["a", "b"], each: (row) => ({ title: String(row.title) }) }),
  defineBackfill({ ...at, each: () => undefined }),
  defineBackfill({ ...at, batch: async (rows, db) => void (await db.query("select $1", rows)) }),
  defineBackfill({ ...at, effect: async () => undefined }),
  defineBackfill({
    ...at,
    insert: { into: "copies", columns: { id: sql`id` }, onConflict: "skip" },
  }),
  defineBackfill<{ readonly id: string }>({ ...at, each: (row) => ({ id: row.id.trim() }) }),
];

export const wrong = [
  // @ts-expect-error set and each exclude each other
  defineBackfill({ ...at, set: { title: "x" }, each: () => ({}) }),
  // @ts-expect-error it does nothing
  defineBackfill({ ...at }),
  // @ts-expect-error a key is needed
  defineBackfill({ table: "posts", set: { title: "x" } }),
  // @ts-expect-error a condition is SQL and not text
  defineBackfill({ ...at, where: "id > 1", set: { title: "x" } }),
  // @ts-expect-error each waits for nothing: the transaction of the batch is open
  defineBackfill({ ...at, each: async () => ({ title: "x" }) }),
  // @ts-expect-error there is no such limit
  defineBackfill({ ...at, set: { title: "x" }, throttle: { lag: 1 } }),
];
