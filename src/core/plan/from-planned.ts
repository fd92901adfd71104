/** Migrations that were compiled before → steps, as `prepare` gives them, without the language and its compiler. */
import type { MigrationDefinition } from "../language/migration-definition.ts";
import type { RunFunction } from "../language/operation.ts";
import { isReleaseError, ReleaseError } from "../model/errors.ts";
import type { Direction } from "../model/migration.ts";
import type { Action } from "./action.ts";
import { nameAll } from "./name-all.ts";
import type { PhasedMigration } from "./phases.ts";
import type { Meaning, Planned, PlannedRefusal } from "./planned.ts";
import type { LoadedMigration, PrepareInput, Step } from "./step.ts";
import { storedPlan } from "./stored-plan.ts";

type How = Omit<PrepareInput, "migrations">;

/** As `prepare` of the compiler does it. @throws {ReleaseError} why there is no way back, and what its module refuses */
export function prepare({ migrations, ...how }: PrepareInput): readonly Step[] {
  return nameAll(migrations, (migration) =>
    how.direction === "up" ? stepUp(migration, how) : stepDown(migration, how),
  );
}

/** The meaning of a migration. */
export function meaningOf(migration: LoadedMigration, how: How): Meaning {
  return plannedOf(migration, how).meaning;
}

/** Where a migration stands in the order of the phases. */
export function phasedMigration(migration: LoadedMigration, how: How): PhasedMigration {
  const { phase, touches } = plannedOf(migration, how);
  return { file: migration.file, phase, touches };
}

function stepUp(migration: LoadedMigration, how: How): Step {
  const step = stepOf(migration, "up", how);
  const { meaning, safe } = plannedOf(migration, how);
  const { checksum, verdict } = migration;
  return {
    ...step,
    ...(safe === undefined ? {} : { safe }),
    ...(verdict === undefined ? {} : { verdict }),
    kept: { checksum, meaning, plan: storedPlan(step, wayBack(migration, how)) },
  };
}

function stepDown(migration: LoadedMigration, how: How): Step {
  const step = wayBack(migration, how);
  if (isReleaseError(step)) throw step;
  return step;
}

function wayBack(migration: LoadedMigration, how: How): Step | ReleaseError {
  const { down } = plannedOf(migration, how);
  if (!("refused" in down)) return stepOf(migration, "down", how);
  const { code, details } = (down as PlannedRefusal).refused;
  return new ReleaseError(code, details as never);
}

function stepOf(migration: LoadedMigration, direction: Direction, how: How): Step {
  const planned = plannedOf(migration, how);
  const { actions, ...said } = planned[direction] as Planned["up"];
  const code = actions.filter((action) => "code" in action);
  const functions =
    code.length === 0 ? [] : functionsOf(migration, { direction, prefix: how.prefix });
  if (functions.length !== code.length) throw recordsOtherwise(migration);
  const made = actions.map((action): Action => {
    if (!("code" in action)) return action;
    const { words, of } = action;
    const run = functions[code.indexOf(action)]!;
    return { kind: "run", words, run, ...(of === undefined ? {} : { of }) };
  });
  return {
    ...{ file: migration.file, direction },
    ...said,
    actions: made,
  } as Step;
}

type Ways = { readonly run: RunFunction; readonly down: RunFunction | undefined };

/**
 * The functions that a migration gives to `m.run`, in the order in which they run. All else that it records is known,
 * so every other method of `m` does nothing.
 */
function functionsOf(
  { definition }: LoadedMigration,
  at: { readonly direction: Direction; readonly prefix: string | undefined },
): readonly (RunFunction | undefined)[] {
  const { direction } = at;
  const own = definition[direction];
  const found: Ways[] = [];
  const run = (given: RunFunction, { down }: Partial<Ways> = {}) => {
    found.push({ run: given, down });
  };
  const nothing = () => undefined;
  const known = new Map<unknown, unknown>([...Object.entries(at), ["run", run]]);
  const m = new Proxy({}, { get: (_, name) => (known.has(name) ? known.get(name) : nothing) });
  (own ?? definition.change)?.(m as Parameters<NonNullable<MigrationDefinition["change"]>>[0]);
  if (own !== undefined || direction === "up") return found.map((ways) => ways.run);
  return found.toReversed().map((ways) => ways.down);
}

function plannedOf({ file, planned }: LoadedMigration, how: How): Planned {
  if (planned !== undefined) return planned(how);
  throw new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: "it was not compiled when this release was built, and there is no compiler in it",
    hint: "Build the release with --keep-compiler.",
  });
}

function recordsOtherwise({ file }: LoadedMigration): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: "it records something else here than where the release was built",
    hint: "Build the release with --keep-compiler, which has it recorded where it runs.",
  });
}
