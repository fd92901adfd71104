/** The same work by `defineBackfill`. As a program: `node engine.ts URL MODE`, which prints its peak memory. */
import { defineBackfill, defineRelease, type RunEvent, sql } from "slipway";
import { postgres } from "slipway/postgres";

type Settings = {
  readonly parallel: number;
  readonly batchSize?: number;
  readonly maxBatchSize?: number;
  readonly targetMs?: number;
};

const posts = { table: "posts", key: "id" } as const;

/** Set-based. */
export function engineSet(settings: Settings, hear: (event: RunEvent) => void = () => undefined) {
  return run(
    defineBackfill({
      ...posts,
      ...settings,
      where: sql`published_at is null`,
      set: { published_at: sql`inserted_at` },
    }),
    hear,
  );
}

/** Through a function. */
export function engineEach(settings: Settings) {
  return run(
    defineBackfill({ ...posts, ...settings, each: (row) => ({ published_at: row.inserted_at }) }),
    () => undefined,
  );
}

function run(backfill: ReturnType<typeof defineBackfill>, hear: (event: RunEvent) => void) {
  return async (url: string): Promise<void> => {
    const main = {
      adapter: postgres({ url }),
      migrations: {},
      dataMigrations: { "1_fill": backfill },
    };
    const release = defineRelease({ app: "bench", repos: { main } });
    await release.using({ emit: hear }).migrateData();
  };
}

const [, script = "", url, mode] = process.argv;
if (script === import.meta.filename && url !== undefined) {
  await (mode === "each" ? engineEach({ parallel: 1 }) : engineSet({ parallel: 1 }))(url);
  console.log(process.resourceUsage().maxRSS);
}
