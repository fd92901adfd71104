/** Settings of a connection: around a statement, and around the batches of a backfill. */
import type { Statement } from "../core/model/statement.ts";

/**
 * How long the transaction of a batch waits for a lock, and how long a statement and a silence of it may take.
 * A `timeoutMs` of 0 is none.
 */
export type BatchLimits = {
  readonly lockTimeoutMs: number;
  readonly timeoutMs: number;
  readonly silenceMs: number;
};

/** Settings of a connection around the batches of a backfill. */
export type BatchSettings = {
  /** Sent before the first transaction. */
  readonly before: readonly Statement[];
  /** Sent behind the last transaction: puts everything back. */
  readonly after: readonly Statement[];
};

/** Settings of a connection around a statement. */
export type SettingsAround =
  | {
      readonly before: readonly Statement[];
      readonly after: readonly Statement[];
      readonly refused?: undefined;
    }
  | { readonly refused: string };
