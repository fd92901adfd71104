/** The methods for backfills beside `migrateData`: look, pause, change the pace, work on one. */

import type { PaceChange } from "../backfill/ledger.ts";
import type { Rehearsal } from "../backfill/rehearse.ts";
import type { BackfillDetails, BackfillReport } from "../backfill/report.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { BackfillPlace } from "./find-backfill.ts";
import type { RepoOutcome } from "./migrate.ts";
import type { BackfillOptions, RunOptions } from "./options.ts";

export type RepoBackfill = BackfillReport & {
  readonly repo: string;
  /** Of one tenant. Left out where it is that of all. */
  readonly tenant?: string;
};
export type RepoBackfillDetails = BackfillDetails & { readonly repo: string };

/** Commands for backfills. A version is that of the data migration. */
export interface Backfills {
  /**
   * Lists every backfill that was begun. It sums up those of tenants, unless `tenants` asks for each. Writes nothing.
   */
  list(place?: BackfillPlace & { readonly tenants?: boolean }): Promise<readonly RepoBackfill[]>;
  /** One of them, with the rows that failed. Writes nothing. */
  show(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Stops all workers everywhere; gives back when no batch is open any more. */
  pause(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Lets workers begin again, also after a failure. Starts none. */
  resume(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /**
   * Like `pause`, but says that nobody means to continue it. Rows that were changed stay changed.
   */
  cancel(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /**
   * Stops all workers and forgets the progress of an unfinished backfill: the next run begins with
   * its first row. Rows that were changed stay changed, and are visited again. Gives the forgotten
   * progress.
   */
  restart(version: VersionInput, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Another pace, for all workers from their next batch on. `throttle: null` lifts every limit. */
  set(version: VersionInput, pace: PaceChange, place?: BackfillPlace): Promise<RepoBackfillDetails>;
  /** Works on one backfill, together with whoever else does. */
  work(
    version: VersionInput,
    options?: BackfillPlace & BackfillOptions & RunOptions,
  ): Promise<RepoOutcome>;
  /**
   * Tries the failed rows once more, and continues. `accept` finishes without those that fail
   * again.
   */
  retryDead(
    version: VersionInput,
    options?: BackfillPlace & BackfillOptions & RunOptions & { readonly accept?: boolean },
  ): Promise<RepoOutcome>;
  /** Does batches for real and rolls them back. */
  rehearse(
    version: VersionInput,
    options?: BackfillPlace & RunOptions & { readonly sample?: number },
  ): Promise<Rehearsal & { readonly repo: string }>;
}
