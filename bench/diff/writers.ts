/** Two writers on a table while something is done to its database. */
import { setTimeout as delay } from "node:timers/promises";
import { connect } from "../load.ts";
import type { FilledTable } from "./rows.ts";

export type Waited = {
  /** The longest write, from when it was sent to its answer. */
  readonly longestMs: number;
  /** From when to when, by the clock of `performance`. */
  readonly longest: readonly [from: number, to: number];
  /** The longest of the second before, in which nothing else ran. */
  readonly idleMs: number;
  readonly writes: number;
  /** Writes that the database refused: what the old code would see. */
  readonly refused: number;
  readonly totalMs: number;
};

export async function beside(
  url: string,
  { path, column, key, keyValue }: FilledTable,
  { rows, work }: { readonly rows: number; readonly work: () => Promise<void> },
): Promise<Waited> {
  const stop = new AbortController();
  const counting = { yes: false };
  let [longestMs, idleMs, writes, refused] = [0, 0, 0, 0];
  let longest: Waited["longest"] = [0, 0];
  const sql = `UPDATE ${path} SET ${column} = ${column} WHERE ${key} = (SELECT ${keyValue} FROM (SELECT $1::integer AS n) one)`;
  const writers = [0, 1].map(async (which) => {
    const client = await connect(url);
    for (let i = which; !stop.signal.aborted; i += 2) {
      const started = performance.now();
      await client.query(sql, [1 + ((i * 7919) % rows)]).catch(() => {
        refused++;
      });
      const tookMs = performance.now() - started;
      if (!counting.yes) idleMs = Math.max(idleMs, tookMs);
      else if (tookMs > longestMs) [longestMs, longest] = [tookMs, [started, started + tookMs]];
      writes++;
    }
    await client.end();
  });
  await delay(1000);
  counting.yes = true;
  const started = performance.now();
  try {
    await work();
  } finally {
    stop.abort();
    await Promise.all(writers);
  }
  return { longestMs, longest, idleMs, writes, refused, totalMs: performance.now() - started };
}
