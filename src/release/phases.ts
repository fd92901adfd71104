/** The phases of pending migrations, read from their files, and whether one phase may go before the other. */

import type { ReleaseError } from "../core/model/errors.ts";
import type { MigrationFile, Phase, Version } from "../core/model/migration.ts";
import { pendingFiles } from "../core/plan/pending-files.ts";
import { lateFiles, type Plan } from "../core/plan/plan.ts";
import type { Step } from "../core/plan/step.ts";
import { loadAll, type StepsInput } from "./steps.ts";

type PhasesInput = Pick<StepsInput, "applied" | "source" | "session" | "prepare">;

/**
 * Loads the migrations that a plan depends on: with a phase to choose all pending ones, else only
 * those older than an applied one.
 *
 * @throws {ReleaseError} for each that cannot be loaded
 */
export async function phasesOf(
  files: readonly MigrationFile[],
  wanted: { readonly phase: Phase | undefined },
  input: PhasesInput,
): Promise<ReadonlyMap<Version, Phase>> {
  const unread = (wanted.phase === undefined ? lateFiles : pendingFiles)(files, input.applied);
  return readPhases(unread, input);
}

/** The phases of these migrations. @throws {ReleaseError} for each that cannot be loaded */
export async function readPhases(
  files: readonly MigrationFile[],
  input: Pick<PhasesInput, "source" | "session">,
): Promise<ReadonlyMap<Version, Phase>> {
  const loaded = await loadAll(files, input);
  return new Map(
    loaded.map(({ file, definition }) => [file.version, definition.phase ?? "before"]),
  );
}

/** Every chosen migration that would overtake an older one of the other phase, though both touch the same. */
export async function overtakingIn(
  { repo, files, skipped }: Plan,
  input: PhasesInput,
): Promise<readonly ReleaseError[]> {
  if (files.length === 0 || skipped.length === 0) return [];
  const { overtaking } = await import("../core/plan/phases.ts");
  const { phasedMigration } = await import("../core/plan/phased-migration.ts");
  const phased = async (some: readonly MigrationFile[]) =>
    (await loadAll(some, input)).map((one) =>
      phasedMigration(one, { ...input.prepare, migrations: [] }),
    );
  return overtaking(repo, await phased(files), await phased(skipped));
}

/** The refusals if the two phases of these steps ran one after the other. */
export function overtakingLater(
  plan: Plan,
  steps: readonly Step[],
  input: PhasesInput,
): Promise<readonly ReleaseError[]> {
  const of = (phase: Phase) =>
    steps.filter((step) => step.phase === phase).map((step) => step.file);
  return overtakingIn({ ...plan, files: of("before"), skipped: of("after") }, input);
}
