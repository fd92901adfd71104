/** From operations to statements: a step has nothing left to decide. */
import type { Backfill } from "../backfill/backfill.ts";
import type { Dialect, Statement } from "../dialect.ts";
import { isReleaseError, ReleaseError, refuse } from "../errors.ts";
import { type LockPolicySettings, ownLockPolicy } from "../lock-policy.ts";
import {
  type Direction,
  type MigrationDefinition,
  type MigrationFile,
  type Phase,
  type Version,
  versionFromInput,
} from "../migration.ts";
import type { Verdict } from "../rules/verdict-data.ts";
import type { OnLine, SchemaDefaults } from "../schema/defaults.ts";
import type { Named, Operation } from "../schema/operation.ts";
import { allTouches } from "../schema/touch.ts";
import { touches } from "../schema/touches.ts";
import { type Action, compile, refusesOneTransaction, takeApart, wordsOf } from "./action.ts";
import { operationsMeaning } from "./operations-meaning.ts";
import type { PhasedMigration } from "./phases.ts";
import { backfillIn, prepareBackfill } from "./prepare-backfill.ts";
import { type ReadFile, readFiles } from "./read-files.ts";
import { type Hooks, type Recorded, record } from "./record.ts";
import { replaceUnsafe, tablesOf } from "./replace-unsafe.ts";
import { type StoredPlan, storedPlan } from "./stored-plan.ts";

export type { Action } from "./action.ts";

/** One prepared migration. */
export type Step = {
  readonly file: MigrationFile;
  readonly direction: Direction;
  /** What was recorded: `change`, or `up` and `down`. */
  readonly callback: "change" | "up" | "down";
  /** Whether all of it, with its history row, is one transaction. */
  readonly transactional: boolean;
  /** When it runs in a rollout. */
  readonly phase: Phase;
  /** The oldest version of the app that works with it. Default: what the phase says. */
  readonly compatibleFrom?: string | undefined;
  /** The data migration that must have run before. Only going up. */
  readonly requiresData?: Version | undefined;
  readonly actions: readonly Action[];
  /** Going down: a run stopped in the middle of going up, so some of it may not be there. Default: `false`. */
  readonly undoesPart?: true | undefined;
  /** Operations that were replaced by their safe form, in words. Default: none. */
  readonly replaced?: readonly string[] | undefined;
  /** What the migration says of locks. Default: nothing. */
  readonly policy?: LockPolicySettings | undefined;
  /** What its author answers to safety rules. Default: nothing. */
  readonly safe?: MigrationDefinition["safe"];
  /** What the safety rules said of it when the release was built. Default: it was not judged. */
  readonly verdict?: Verdict | undefined;
  /** What it is in place of actions, going up: it runs in batches of its own, and without the lock. */
  readonly backfill?: Backfill | undefined;
  /** It comes from the history and not from a file: whoever may write that table wrote it. */
  readonly stored?: true | undefined;
  /** What the history keeps of it. Only going up. */
  readonly kept?: KeptInHistory | undefined;
};

/** What the history keeps of a migration beside its version and name. */
export type KeptInHistory = {
  /** A checksum of its text, where it has one. */
  readonly checksum: string | undefined;
  /** What it means, as canonical text: the history keeps a checksum of it. */
  readonly meaning: string;
  readonly plan: StoredPlan;
};

/** A migration of the plan with what its module exports. */
export type LoadedMigration = {
  readonly file: MigrationFile;
  readonly definition: MigrationDefinition;
  /** For `m.executeFile`. Default: there are no files. */
  readonly readFile?: ReadFile | undefined;
  /** A checksum of its text. Default: there is no text. */
  readonly checksum?: string | undefined;
  /** What the safety rules said of it when the release was built. Default: it was not judged. */
  readonly verdict?: Verdict | undefined;
};

export type PrepareInput = {
  readonly direction: Direction;
  readonly migrations: readonly LoadedMigration[];
  readonly dialect: Dialect;
  readonly defaults: SchemaDefaults;
  readonly hooks?: Hooks | undefined;
  /** The prefix given at run time. */
  readonly prefix?: string | undefined;
  /** Whether what would stop others is replaced by its safe form. Default: it is left as it is. */
  readonly replaceUnsafe?: boolean | undefined;
  /** The history of the lane, beside which backfills keep how far they are. Default: `data_migrations`. */
  readonly history?: Named | undefined;
  /** Told of each operation as it is recorded, and where it stands. Default: nobody. */
  readonly onLine?: OnLine | undefined;
};

/**
 * Records, reverses and compiles. Names everything that is wrong in all of the migrations at once.
 *
 * @throws {ReleaseError} what `record` throws, `operation_unsupported`, `migration_invalid`
 */
export function prepare(input: PrepareInput): readonly Step[] {
  const found: ReleaseError[] = [];
  const made = new Set<string>();
  const steps = input.migrations.flatMap((migration) => {
    try {
      return [prepareEither(migration, input, made)];
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      found.push(error);
      return [];
    }
  });
  refuse(found);
  return steps;
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
  const { step, body } = prepareOne(migration, input, made);
  for (const table of tablesOf(body, input.dialect)) made.add(table);
  const { safe } = migration.definition;
  return {
    ...step,
    ...(safe === undefined ? {} : { safe }),
    ...(migration.verdict === undefined ? {} : { verdict: migration.verdict }),
    kept: {
      checksum: migration.checksum,
      meaning: operationsMeaning(body, input.dialect.name),
      plan: storedPlan(step, wayBack(migration, input)),
    },
  };
}

function wayBack(migration: LoadedMigration, input: PrepareInput): Step | ReleaseError {
  try {
    return prepareOne(migration, { ...input, direction: "down" }).step;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
}

/** What a migration means, whether it is to run or has run. */
export function meaningOf(migration: LoadedMigration, input: PrepareInput): string {
  const { backfill } = migration.definition;
  if (backfill !== undefined) return backfillIn(backfill, input).meaning;
  return operationsMeaning(recordedUp(migration, input).body, input.dialect.name);
}

/** Where a migration stands in the order of the phases. */
export function phasedMigration(migration: LoadedMigration, input: PrepareInput): PhasedMigration {
  const { file, definition } = migration;
  const { afterBegin, body, beforeCommit } = recordedUp(migration, input);
  const operations = [...afterBegin, ...body, ...beforeCommit];
  return {
    file,
    phase: definition.phase ?? "before",
    touches: allTouches(operations.map((op) => touches(op, input.dialect.name))),
  };
}

/** What the migration itself records going up, without the repo's hooks. */
function recordedUp(
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
    readFiles(file, operations, readFile, dialect.name);
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
): { readonly step: Step; readonly body: readonly Operation[] } {
  const { direction, dialect, defaults, hooks, prefix, onLine } = input;
  const context = { direction, identifierLimit: dialect.identifierLimit, defaults, prefix, onLine };
  const recorded = record(file, definition, context, hooks);

  const read = (operations: readonly Operation[]) =>
    readFiles(file, operations, readFile, dialect.name);
  const body = read(recorded.body);

  const { operations, words } =
    input.replaceUnsafe && definition.transaction !== true
      ? replaceUnsafe(body, { dialect, made, answered: Object.keys(definition.safe ?? {}) })
      : { operations: body, words: [] };
  const parts = takeApart(operations, file, dialect);
  const refusing = parts.find((piece) => refusesOneTransaction(piece, dialect));
  if (refusing !== undefined && definition.transaction === true)
    throw refusesTransaction(file, wordsOf(refusing), dialect);
  const transactional =
    dialect.transactionalDdl && (definition.transaction ?? refusing === undefined);

  const hooked = (operations: readonly Operation[]) => takeApart(read(operations), file, dialect);
  const pieces = transactional
    ? [...hooked(recorded.afterBegin), ...parts, ...hooked(recorded.beforeCommit)]
    : parts;
  const actions = pieces.map((piece) => compile(piece, file, dialect));
  refuseOpenTransaction(file, actions);
  const { callback } = recorded;
  const policy = ownLockPolicy(definition);
  const step = {
    file,
    direction,
    callback,
    transactional,
    ...rolloutOf(definition),
    actions,
    policy,
    ...(words.length > 0 ? { replaced: words } : {}),
  };
  return { step, body };
}

/** Where a migration stands in a rollout, by what it says about itself. */
function rolloutOf({
  phase = "before",
  compatibleFrom,
  requires,
}: MigrationDefinition): Pick<Step, "phase" | "compatibleFrom" | "requiresData"> {
  return {
    phase,
    ...(compatibleFrom === undefined ? {} : { compatibleFrom }),
    ...(requires === undefined ? {} : { requiresData: versionFromInput(requires.data) }),
  };
}

/**
 * What stands between a migration's own BEGIN and COMMIT is sent as one transaction, so there must be both, and
 * nothing between them that cannot be part of it.
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
    reason: `a BEGIN of its own ${what}`,
    hint: "Write BEGIN and COMMIT around what belongs together, and nothing else that begins or ends a transaction; a ROLLBACK has no place in a migration.",
  });
}

function refusesTransaction(file: MigrationFile, words: string, dialect: Dialect): ReleaseError {
  const reason = `${dialect.label} refuses "${words}" inside one transaction, but the migration says transaction: true`;
  return new ReleaseError("migration_invalid", {
    origin: file.origin,
    reason,
    hint: "Leave transaction out, or put it into a migration of its own.",
  });
}
