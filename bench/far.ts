/** A database that is far away: 20 ms are added to each message of the client. How often the client waits is counted. */
import { applying } from "./apply.ts";
import type { Bench } from "./bench.ts";
import { idle } from "./cold.ts";
import { type Bound, contest, type Entry, type Table } from "./contest.ts";
import { type FarProxy, farProxy } from "./far-proxy.ts";
import { run } from "./measure.ts";

const delayMs = 20;
const count = 50;
/** PostgreSQL's connection with a password: one message to begin, two for the password. */
const connecting = 3;

export async function far(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  // PostgreSQL alone: what is wanted is said of its messages.
  for (const engine of bench.engines.slice(0, 1)) {
    const { url, drop } = await engine.place();
    const proxy = await farProxy(url, delayMs);
    const most = (waits: number): readonly Bound[] => [{ figure: "waits", most: waits }];
    const away = (entry: Entry, waits: number): Entry => distant(entry, proxy, most(waits));
    const nothing = (await idle(bench, engine, 10)).map((entry) => away(entry, connecting + 1));
    const files = (await applying(bench, engine, count)).map((entry) =>
      away(entry, connecting + 10 + count),
    );
    try {
      const title = `${delayMs} ms away, ${engine.title}`;
      const idleRows = await contest(nothing, bench);
      tables.push({ title: `${title}, nothing to do`, figure: "ms", rows: idleRows });
      const rows = await contest(files, bench);
      tables.push({ title: `${title}, ${count} migrations`, figure: "ms", rows });
    } finally {
      await proxy.stop();
      await drop();
    }
  }
  return tables;
}

function distant(entry: Entry, proxy: FarProxy, bounds: readonly Bound[]): Entry {
  const { bounds: _, ...rest } = entry;
  return {
    ...rest,
    ...(entry.kind === "ours" ? { bounds } : {}),
    async take(contestant, signal) {
      const near = (await contestant.database?.()) ?? "";
      proxy.waits();
      const ms = await run({ ...contestant, database: async () => proxy.through(near) }, signal);
      return { ms, waits: proxy.waits() };
    },
  };
}
