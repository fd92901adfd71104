/** An application at work on a table, and how long its queries take meanwhile. */
import pg from "pg";

/** Milliseconds of each query, in no particular order. */
export type Load = { readonly times: readonly number[] };

const clients = 8;
const everyMs = 20;

/**
 * Reads and writes single rows of `posts` while `work` is done. Queries come at fixed times, as from many users, and
 * each is timed from when it was to begin: one that waited for a free connection has waited too.
 */
export async function underLoad<Result>(
  url: string,
  rows: number,
  work: () => Promise<Result>,
): Promise<{ readonly result: Result; readonly load: Load }> {
  const end = new AbortController();
  const times: number[] = [];
  const pool = await Promise.all(Array.from({ length: clients }, () => connect(url)));
  const workers = pool.map((client, i) =>
    ask(client, { sql: i % 2 === 0 ? read : write, rows, times, end: end.signal }),
  );
  try {
    const result = await work();
    return { result, load: { times } };
  } finally {
    end.abort();
    await Promise.all(workers);
    await Promise.all(pool.map((client) => client.end()));
  }
}

/** The time that this part of the queries stayed below, in milliseconds. */
export function percentile({ times }: Load, part: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  return client;
}

const read = "SELECT title FROM posts WHERE id = $1";
const write = "UPDATE posts SET views = views + 1 WHERE id = $1";

async function ask(
  client: pg.Client,
  {
    sql,
    rows,
    times,
    end,
  }: {
    readonly sql: string;
    readonly rows: number;
    readonly times: number[];
    readonly end: AbortSignal;
  },
): Promise<void> {
  for (let due = performance.now(); !end.aborted; due += everyMs) {
    const early = due - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    await client.query(sql, [1 + Math.floor(Math.random() * rows)]);
    times.push(performance.now() - due);
  }
}
