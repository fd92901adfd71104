/**
 * A run over tenants as jobs of pg-boss: so many jobs, so many machines that share the work. The queue only says who works
 * when. Which tenant is whose stands in the database, so a job that is lost, or runs twice, does no harm.
 */
import type { PgBoss } from "pg-boss";
import { isReleaseError } from "slipway";
import { Release } from "./release.ts";

const queue = "migrate-tenants";

/** Takes jobs, one at a time. A job whose machine dies is run again, by another one. */
export async function workOnTenants(
  boss: PgBoss,
  { release = Release, connections }: { release?: typeof Release; connections: number },
): Promise<void> {
  await boss.createQueue(queue, { retryLimit: 3 });
  await boss.work(queue, { pollingIntervalSeconds: 0.5 }, async () => {
    try {
      const [outcome] = await release.migrate({ tenants: { concurrency: connections } });
      return { migrated: outcome?.tenants?.migrated ?? 0, failed: [] };
    } catch (error) {
      // They are left alone now, each with its reason: to run the job again would not help them.
      if (!isReleaseError(error) || error.code !== "tenants_failed") throw error;
      return error.details;
    }
  });
}

/** Sends so many jobs: as many machines as that migrate at the same time. */
export async function migrateTenants(boss: PgBoss, machines = 1): Promise<void> {
  await boss.createQueue(queue, { retryLimit: 3 });
  for (let i = 0; i < machines; i++) await boss.send(queue, {});
}
