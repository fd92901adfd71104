/**
 * A backfill as jobs of pg-boss. A job works for a while and sends the next one, so that workers on any number of
 * machines share the work and none of them is busy for long. The queue only says who works when: how far the backfill
 * is stands in its own tables, so a job that is lost, or runs twice, does no harm.
 */
import type { PgBoss } from "pg-boss";
import { Release } from "./release.ts";

const queue = "backfill-slices";

type Slice = { readonly version: number };

/** Takes jobs, one at a time. */
export async function workOnBackfills(
  boss: PgBoss,
  options: { readonly forMs: number },
): Promise<void> {
  await boss.createQueue(queue);
  await boss.work<Slice>(queue, { pollingIntervalSeconds: 0.5 }, async ([job]) => {
    if (job === undefined) return;
    const { version } = job.data;
    const { resume } = await Release.backfills.work(version, options);
    if (resume !== undefined) await boss.send(queue, { version });
  });
}

/** Sends so many jobs: as many workers as that work at the same time. */
export async function startBackfill(boss: PgBoss, version: number, workers = 1): Promise<void> {
  await boss.createQueue(queue);
  for (let i = 0; i < workers; i++) await boss.send(queue, { version });
}
