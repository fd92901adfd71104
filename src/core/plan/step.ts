/** One prepared migration, and what it is prepared from. */
import type { Backfill } from "../backfill/backfill.ts";
import type { OnLine, SchemaDefaults } from "../language/defaults.ts";
import type { Dialect } from "../language/dialect.ts";
import type { MigrationDefinition } from "../language/migration-definition.ts";
import type { LockPolicySettings } from "../model/lock-policy.ts";
import type { Direction, MigrationFile, Phase, Version } from "../model/migration.ts";
import type { Named } from "../model/named.ts";
import type { Statement } from "../model/statement.ts";
import type { Replacement } from "../model/warnings/plan.ts";
import type { Forecast } from "../safety/forecast/forecast.ts";
import type { Verdict } from "../safety/rules/verdict-data.ts";
import type { Action } from "./action.ts";
import type { Meaning, Planned } from "./planned.ts";
import type { ReadFile } from "./read-files.ts";
import type { Hooks } from "./record.ts";
import type { EarlierRow, StoredPlan } from "./stored-plan-data.ts";

/** One prepared migration. */
export type Step = {
  readonly file: MigrationFile;
  readonly direction: Direction;
  /** The function that recorded it: `change`, or `up` and `down`. */
  readonly callback: "change" | "up" | "down";
  /** Whether all of it, with its history row, is one transaction. */
  readonly transactional: boolean;
  /** The migration itself says that it is one transaction. Default: it says nothing. */
  readonly saysTransaction?: true | undefined;
  /** When it runs in a rollout. */
  readonly phase: Phase;
  /** The oldest version of the app that works with it. Default: what the phase says. */
  readonly compatibleFrom?: string | undefined;
  /** The data migration that must have run before. Only going up. */
  readonly requiresData?: Version | undefined;
  /** The older migration that must have run before. Only going up. */
  readonly requiresMigration?: Version | undefined;
  readonly actions: readonly Action[];
  /** Going down: a run stopped in the middle of going up, so only a part is to be undone. Default: it is whole. */
  readonly undoesPart?: UndoesPart | undefined;
  /** Statements that will not be sent, as a run stopped in the middle; for who looks at a plan. Default: none. */
  readonly unsent?: readonly UnsentStatement[] | undefined;
  /** Of a backfill whose rows are done: how long it took from its first to its last, in milliseconds. */
  readonly tookMs?: number | undefined;
  /** Going up, it ran before, and its row is there. Going down: the row that it had before. Default: there is none. */
  readonly again?: true | undefined;
  readonly restores?: EarlierRow | undefined;
  /** Our own history table, which the migration would have dropped. */
  readonly ownTableKept?: string | undefined;
  /** Operations that were replaced by their safe form. Default: none. */
  readonly replaced?: readonly Replacement[] | undefined;
  /** The migration's own settings about locks. Default: none. */
  readonly policy?: LockPolicySettings | undefined;
  /** The author's answers to safety rules. Default: none. */
  readonly safe?: MigrationDefinition["safe"];
  /** The verdict of the safety rules when the release was built. Default: nobody judged it. */
  readonly verdict?: Verdict | undefined;
  /** How long what takes long takes, by the sizes of now. Only going up. Default: nothing is foretold. */
  readonly forecasts?: readonly Forecast[] | undefined;
  /**
   * The backfill that it runs instead of actions, going up: in separate batches, and without the
   * lock.
   */
  readonly backfill?: Backfill | undefined;
  /** It comes from the history and not from a file: whoever may write that table wrote it. */
  readonly stored?: true | undefined;
  /** The record that the history keeps. Only going up. */
  readonly kept?: KeptInHistory | undefined;
};

/** Of which way up a part ran. */
export type UndoesPart = {
  readonly up: readonly Action[];
  /** Whether `of` names the same operations in both directions. */
  readonly isSame: boolean;
  /** Sends also what nobody can tell of whether it undoes that part. */
  readonly fromFiles: boolean;
};

/** By the places of its action and of the statement there. Code and batches are no statements: 0. */
export type UnsentStatement = {
  readonly action: number;
  readonly statement: number;
  /** `done`: it ran before. `in_doubt`: nobody knows yet. `never_ran`: there is nothing that it would undo. */
  readonly why: "done" | "in_doubt" | "never_ran";
};

/** The history's record of a migration besides its version and name. */
export type KeptInHistory = {
  /** A checksum of its text, where it has one. */
  readonly checksum: string | undefined;
  /** The history keeps a checksum of it. */
  readonly meaning: Meaning;
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
  /** The verdict of the safety rules when the release was built. Default: nobody judged it. */
  readonly verdict?: Verdict | undefined;
  /**
   * The statements that the code of its way back sent when the release was built. Default: nobody
   * tried it.
   */
  readonly sentBack?: SentBack | undefined;
  /**
   * The earlier result of compiling it, by the prefix of the run. Default: Slipway compiles it now.
   */
  readonly planned?: PlannedFor | undefined;
};

/** Statements of the functions of a way back, in the order in which these run. */
export type SentBack = readonly (readonly Statement[])[];

/** @throws {ReleaseError} `option_invalid` for a prefix that cannot be put in afterwards */
export type PlannedFor = (how: Omit<PrepareInput, "migrations">) => Planned;

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
  /** Hears of each operation as it is recorded, and its line. Default: nobody listens. */
  readonly onLine?: OnLine | undefined;
};
