/** Sums up how far the data migrations of tenants are that have a file or a database each. */
import type { BackfillReport } from "../../backfill/report.ts";
import type { Version } from "../../core/model/migration.ts";
import type { StatusRow } from "../../core/plan/status.ts";
import type { TenantDataStatus } from "./tenant-data-status.ts";

/** How far one tenant is. */
export type PlaceData = {
  readonly dataMigrations?: readonly StatusRow[];
  /** Those that were begun and are not finished. */
  readonly backfills?: readonly BackfillReport[];
};

/** Counts only, so memory does not grow with the number of tenants. */
export class PlacesDataSum {
  readonly #sums = new Map<Version, TenantDataStatus>();

  add({ dataMigrations = [], backfills = [] }: PlaceData): void {
    const open = new Map(backfills.map(({ version, state }) => [version, state]));
    for (const { version, name = "", status, inRelease } of dataMigrations) {
      if (inRelease === false) continue;
      const sum = this.#sums.get(version) ?? { version, name, done: 0, begun: 0, failed: 0 };
      const state = open.get(version);
      this.#sums.set(version, {
        ...sum,
        done: sum.done + (status === "up" ? 1 : 0),
        begun: sum.begun + (state === undefined ? 0 : 1),
        failed: sum.failed + (state === "failed" ? 1 : 0),
      });
    }
  }

  /** Nothing where the release has no data migrations for them. */
  get result(): readonly TenantDataStatus[] | undefined {
    return this.#sums.size === 0 ? undefined : [...this.#sums.values()];
  }
}
