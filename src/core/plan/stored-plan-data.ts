/**
 * The history's record of a migration, as JSON. Plans of 0.1.0 have this shape too, and every later
 * version reads them.
 */

import type { ColumnFill } from "../language/safe/column-fill.ts";
import type { LockPolicySettings } from "../model/lock-policy.ts";
import type { Phase } from "../model/migration.ts";
import type { Statement } from "../model/statement.ts";

/** Plain JSON. `format` changes when an older Slipway could no longer read it. */
export type StoredPlan = {
  readonly format: 1;
  readonly up: StoredDirection;
  /** The actions that roll it back, or why none can. */
  readonly down: StoredDirection | { readonly refused: string };
  /** Of one that ran again: the row that it had before, which a rollback brings back. Plans of 0.1.0 have none. */
  readonly earlier?: EarlierRow | undefined;
};

/** The history's record of an earlier text. */
export type EarlierRow = {
  readonly name?: string | undefined;
  readonly checksum?: string | undefined;
  readonly meaning?: string | undefined;
  /** When it ran, as ISO 8601 in UTC. Plans of 0.1.0 do not say it. */
  readonly at?: string | undefined;
  readonly phase?: Phase | undefined;
  readonly compatibleFrom?: string | undefined;
  readonly plan: StoredPlan;
};

export type StoredDirection = {
  readonly transactional: boolean;
  readonly policy?: LockPolicySettings | undefined;
  readonly actions: readonly StoredAction[];
};

/** Statements as they were compiled, rows to be filled, or code, of which only the words can be kept. */
export type StoredAction = {
  /** The operation of `change` that it is, or undoes. Plans of 0.1.0 do not say it. */
  readonly of?: number | "hook" | undefined;
} & (
  | {
      readonly words: string;
      readonly statements: readonly Statement[];
      readonly together?: true | undefined;
      /** The kind of row that it removes from our own tables. Plans of 0.1.0 say it in words. */
      readonly forgets?: "backfill" | undefined;
    }
  | { readonly words: string; readonly backfill: ColumnFill }
  | {
      readonly words: string;
      readonly code: true;
      /**
       * The SQL that it sent when it ran, without the values of parameters. Default: nobody kept
       * it.
       */
      readonly sent?: readonly string[] | undefined;
    }
);
