/** The most memory that a process has, and its processor time, while it applies 1,000 small migrations. */
import { applying } from "./apply.ts";
import type { Bench } from "./bench.ts";
import { contest, type Table } from "./contest.ts";
import { takePeak } from "./peak.ts";

const count = Number(process.env.SLIPWAY_BENCH_FILES ?? 1000);
const built = { peak: 80, spent: 600 };
const sources = { peak: 130, spent: 1000 };

export async function memory(bench: Bench): Promise<readonly Table[]> {
  const tables: Table[] = [];
  for (const engine of bench.engines) {
    const entries = (await applying(bench, engine, count)).map(({ bounds, ...entry }) => {
      const { peak, spent } = entry.command === undefined ? sources : built;
      const wanted = [
        { figure: "MiB", most: peak },
        { figure: "process ms", most: spent },
      ] as const;
      return { ...entry, take: takePeak, ...(bounds === undefined ? {} : { bounds: wanted }) };
    });
    const title = `Memory, ${count.toLocaleString("en-US")} migrations, ${engine.title}`;
    tables.push({ title, figure: "MiB", rows: await contest(entries, bench) });
  }
  return tables;
}
