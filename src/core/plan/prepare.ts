import type { Dialect } from "../language/dialect.ts";
import type { MigrationDefinition } from "../language/migration-definition.ts";
import type { Operation } from "../language/operation.ts";
import { isReleaseError, ReleaseError } from "../model/errors.ts";
import { type MigrationFile, versionFromInput } from "../model/migration.ts";
import type { Statement } from "../model/statement.ts";
import { type Action, compile, refusesOneTransaction, takeApart, wordsOf } from "./action.ts";
import { nameAll } from "./name-all.ts";
import { operationsMeaning } from "./operations-meaning.ts";
import { ownLockPolicy } from "./policy-of.ts";
import { backfillIn, prepareBackfill } from "./prepare-backfill.ts";
import { readFiles } from "./read-files.ts";
import { type Recorded, record } from "./record.ts";
import { replaceUnsafe, tablesOf } from "./replace-unsafe.ts";
import type { LoadedMigration, PrepareInput, Step } from "./step.ts";
import { storedPlan } from "./stored-plan.ts";

export type { Action } from "./action.ts";

/**
 * Records, reverses and compiles. Names everything that is wrong in all of the migrations at once.
 *
 * @throws {ReleaseError} what `record` throws, `operation_unsupported`, `migration_invalid`
 */
export function prepare(input: PrepareInput): readonly Step[] {
  const made = new Set<string>();
  return nameAll(input.migrations, (migration) => prepareEither(migration, input, made));
}

function prepareEither(migration: LoadedMigration, input: PrepareInput, made: Set<string>): Step {
  const { backfill } = migration.definition;
  if (backfill !== undefined) return prepareBackfill(migration, backfill, input);
  return input.direction === "up"
    ? prepareUp(migration, input, made)
    : prepareOne(migration, input).step;
}

/**
 * Going up the way back is compiled too, for the history; that there is none refuses nothing.
 * `made` are the tables that the run has made before, which grows by those of this migration.
 */
function prepareUp(migration: LoadedMigration, input: PrepareInput, made: Set<string>): Step {
  return bothWays(migration, input, made).up;
}

/** A step up, what undoes it, or why nothing does, and its operations. */
export type BothWays = {
  readonly up: Step;
  readonly down: Step | ReleaseError;
  readonly operations: readonly Operation[];
};

/** Not for backfills. @throws {ReleaseError} as `prepare` does */
export function bothWays(
  migration: LoadedMigration,
  input: PrepareInput,
  made: Set<string> = new Set(),
): BothWays {
  const { step, body, operations } = prepareOne(migration, { ...input, direction: "up" }, made);
  for (const table of tablesOf(body, input.dialect)) made.add(table);
  const down = wayBack(migration, input);
  const { safe } = migration.definition;
  const { syntax } = input.dialect;
  const up = {
    ...step,
    ...(safe === undefined ? {} : { safe }),
    ...(migration.verdict === undefined ? {} : { verdict: migration.verdict }),
    kept: {
      checksum: migration.checksum,
      meaning: operationsMeaning(body, syntax),
      plan: storedPlan(step, down, migration.sentBack),
    },
  };
  return { up, down, operations };
}

function wayBack(migration: LoadedMigration, input: PrepareInput): Step | ReleaseError {
  try {
    return prepareOne(migration, { ...input, direction: "down" }).step;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
}

/** The meaning of a migration, before and after its run. */
export function meaningOf(migration: LoadedMigration, input: PrepareInput): string {
  const { backfill } = migration.definition;
  if (backfill !== undefined) return backfillIn(backfill, input).meaning;
  return operationsMeaning(recordedUp(migration, input).body, input.dialect.syntax);
}

/** The operations that the migration itself records going up, without the repo's hooks. */
export function recordedUp(
  { file, definition, readFile = () => undefined }: LoadedMigration,
  { dialect, defaults, prefix }: PrepareInput,
): Recorded {
  if (definition.backfill !== undefined)
    return { callback: "up", afterBegin: [], body: [], beforeCommit: [] };
  const { identifierLimit } = dialect;
  const recorded = record(file, definition, {
    direction: "up",
    identifierLimit,
    defaults,
    prefix,
  });
  const read = (operations: readonly Operation[]) =>
    readFiles(file, operations, readFile, dialect.syntax);
  const { afterBegin, body, beforeCommit } = recorded;
  return {
    ...recorded,
    afterBegin: read(afterBegin),
    body: read(body),
    beforeCommit: read(beforeCommit),
  };
}

/** The step, and the operations of the migration's own that are in it. */
function prepareOne(
  { file, definition, readFile = () => undefined }: LoadedMigration,
  input: PrepareInput,
  made: ReadonlySet<string> = new Set(),
): {
  readonly step: Step;
  readonly body: readonly Operation[];
  readonly operations: readonly Operation[];
} {
  const { direction, dialect, defaults, hooks, prefix, onLine } = input;
  const context = { direction, identifierLimit: dialect.identifierLimit, defaults, prefix, onLine };
  const recorded = record(file, definition, context, hooks);

  const read = (operations: readonly Operation[]) =>
    readFiles(file, operations, readFile, dialect.syntax);
  const body = read(recorded.body);

  const {
    operations: safer,
    from,
    replaced,
  } = input.replaceUnsafe && definition.transaction !== true
    ? replaceUnsafe(body, { dialect, made, answered: Object.keys(definition.safe ?? {}) })
    : { operations: body, from: [...body.keys()], replaced: [] };
  // An executeFile of no file is no operation any more.
  const places = recorded.of?.filter((_, i) => !isNothing(recorded.body[i]));
  const parts = safer.flatMap((op, i) => {
    const of = places?.[from[i] ?? i];
    return takeApart([op], file, dialect).map((piece) => ({ ...piece, of }));
  });
  const refusing = parts.find((piece) => refusesOneTransaction(piece, dialect));
  if (refusing !== undefined && definition.transaction === true)
    throw refusesTransaction(file, wordsOf(refusing), dialect);
  const transactional =
    dialect.transactionalDdl && (definition.transaction ?? refusing === undefined);

  const [afterBegin, beforeCommit] = [read(recorded.afterBegin), read(recorded.beforeCommit)];
  const hooked = (operations: readonly Operation[]) =>
    takeApart(operations, file, dialect).map((piece) => ({ ...piece, of: "hook" as const }));
  const pieces = transactional ? [...hooked(afterBegin), ...parts, ...hooked(beforeCommit)] : parts;
  const actions = pieces.map((piece) => compile(piece, file, dialect));
  refuseOpenTransaction(file, actions);
  const { callback } = recorded;
  const policy = ownLockPolicy(definition);
  const step = {
    file,
    direction,
    callback,
    transactional,
    ...(definition.transaction === true || definition.saysTransaction === true
      ? ({ saysTransaction: true } as const)
      : {}),
    ...rolloutOf(definition),
    actions,
    policy,
    ...(replaced.length > 0 ? { replaced } : {}),
  };
  return { step, body, operations: [...afterBegin, ...body, ...beforeCommit] };
}

function isNothing(op: Operation | undefined): boolean {
  return op?.kind === "execute_file" && op.path === "";
}

/** Where a migration stands in a rollout, by what it says about itself. */
function rolloutOf({
  phase = "before",
  compatibleFrom,
  requires,
}: MigrationDefinition): Pick<
  Step,
  "phase" | "compatibleFrom" | "requiresData" | "requiresMigration"
> {
  const { data, migration } = requires ?? {};
  return {
    phase,
    ...(compatibleFrom === undefined ? {} : { compatibleFrom }),
    ...(data === undefined ? {} : { requiresData: versionFromInput(data) }),
    ...(migration === undefined ? {} : { requiresMigration: versionFromInput(migration) }),
  };
}

/**
 * Slipway sends the statements between a migration's own BEGIN and COMMIT as one transaction. So
 * there must be both, and each statement between them must allow a transaction.
 */
function refuseOpenTransaction(file: MigrationFile, actions: readonly Action[]): void {
  const parts = actions.flatMap((action): readonly Partial<Statement>[] =>
    action.kind === "statements" ? action.statements : [{ sql: action.words, alone: true }],
  );
  let open = false;
  for (const { boundary, alone, sql } of parts) {
    if (open && (boundary === "begin" || alone)) throw openTransaction(file, `has "${sql}" inside`);
    if (boundary !== undefined) open = boundary === "begin";
  }
  if (open) throw openTransaction(file, "has no COMMIT");
}

function openTransaction(file: MigrationFile, what: string): ReleaseError {
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason: `its own BEGIN ${what}`,
    hint: "Write BEGIN and COMMIT around what belongs together, and nothing else that begins or ends a transaction. A ROLLBACK has no place in a migration.",
  });
}

function refusesTransaction(file: MigrationFile, words: string, dialect: Dialect): ReleaseError {
  const reason = `${dialect.label} refuses "${words}" inside one transaction, but the migration says transaction: true`;
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason,
    hint: "Leave transaction out, or put it into a separate migration.",
  });
}
