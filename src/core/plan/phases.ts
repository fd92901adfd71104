/** The order between the two phases of a rollout: what may go first, and what must wait. */
import { ReleaseError } from "../model/errors.ts";
import { compareVersions, type MigrationFile, type Phase } from "../model/migration.ts";
import { commonTouch, type Touches } from "../model/touch.ts";

/** A pending migration, as far as its place in the order is concerned. */
export type PhasedMigration = {
  readonly file: MigrationFile;
  readonly phase: Phase;
  readonly touches: Touches;
};

/**
 * Says of each chosen migration which older one it would overtake although both touch the same: then their
 * order counts, and one phase cannot go before the other.
 */
export function overtaking(
  repo: string,
  chosen: readonly PhasedMigration[],
  skipped: readonly PhasedMigration[],
): readonly ReleaseError<"phase_order">[] {
  return chosen.flatMap((late) =>
    skipped.flatMap((early) => {
      if (compareVersions(early.file.version, late.file.version) > 0) return [];
      const both = commonTouch(early.touches, late.touches);
      if (both === undefined) return [];
      return [new ReleaseError("phase_order", { repo, ...named(late), early: named(early), both })];
    }),
  );
}

function named({ file: { version, name }, phase }: PhasedMigration) {
  return { version, name, phase };
}
