/** An application beside the backfill: open loops of small writes, whose latency is what its users see. */
import pg from "pg";

export type Latency = {
  readonly writes: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
};

/** Runs twenty writers, ten writes a second each, until `work` has ended. */
export async function besides(
  url: string,
  rows: number,
  work: () => Promise<unknown>,
): Promise<Latency> {
  const clients = await Promise.all(
    Array.from({ length: 20 }, async () => {
      const client = new pg.Client({ connectionString: url, application_name: "app" });
      await client.connect();
      return client;
    }),
  );
  const times: number[] = [];
  let over = false;
  const write = async (client: pg.Client) => {
    for (let due = performance.now() + Math.random() * 100; !over; due += 100) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      await client.query("update posts set title = title || '.' where id = $1", [
        1 + Math.floor(Math.random() * rows),
      ]);
      // From when it was due: a writer that waits does not hide the ones behind it.
      times.push(performance.now() - due);
    }
  };
  const writers = clients.map(write);
  await work();
  over = true;
  await Promise.all(writers);
  await Promise.all(clients.map((client) => client.end()));
  const sorted = times.toSorted((a, b) => a - b);
  const at = (share: number) =>
    sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return { writes: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? 0 };
}
