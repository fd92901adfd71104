/** Observations from a statement's run on a shadow, as data. */

import { blocksWrites, type LockMode, lockModes } from "../../core/safety/effects/lock.ts";

/** Whom a lock makes wait. */
export type Waiting = "nobody" | "writers" | "readers and writers";

/** A table or an index, as `schema.name`. */
export type Relation = string;

export type TracedLock = {
  readonly on: Relation;
  readonly kind: "table" | "index" | "view" | "sequence";
  readonly mode: LockMode;
  readonly waiting: Waiting;
  /** Whether the thing was made in the same run, so that nobody waits. */
  readonly isNew: boolean;
  /** Of a partition or a child: the tables above it. Default: there are none. */
  readonly above?: readonly Relation[] | undefined;
};

/** How long a statement works while it holds its locks. */
export type DurationClass =
  | "a moment"
  | "reads every row"
  | "builds an index"
  | "rewrites the table";

export type TracedStatement = {
  readonly version: string;
  readonly name: string;
  /** The operation that it belongs to, in words. */
  readonly words: string;
  readonly sql: string;
  /**
   * Its transaction, counted from 1: its locks stay until it ends. Default: the statement ran
   * alone.
   */
  readonly transaction?: number | undefined;
  readonly durationMs: number;
  readonly takes: DurationClass;
  /** The strongest new lock on each thing. */
  readonly locks: readonly TracedLock[];
  /** Locks of earlier statements of its transaction that others wait for while it works. */
  readonly held: readonly TracedLock[];
  readonly rewritten: readonly Relation[];
  readonly scanned: readonly Relation[];
  readonly built: readonly Relation[];
  /** The gaps of the observation, and other remarks. */
  readonly notes: readonly string[];
  /** The rules that report it; `undefined` when they were not asked. */
  readonly rules?: readonly string[] | undefined;
  /** The difference between the trace and the rules. */
  readonly disagrees?: string | undefined;
  /** The error of the database, when it failed. */
  readonly failed?: string | undefined;
};

/** Whom a lock of this mode makes wait. */
export function waitingFor(mode: LockMode): Waiting {
  if (mode === "ACCESS EXCLUSIVE") return "readers and writers";
  return blocksWrites(mode) ? "writers" : "nobody";
}

/** `AccessExclusiveLock` as people write it. */
export function lockMode(catalogName: string): LockMode | undefined {
  const words = catalogName
    .replace(/Lock$/, "")
    .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
    .toUpperCase();
  return lockModes.find((mode) => mode === words);
}
