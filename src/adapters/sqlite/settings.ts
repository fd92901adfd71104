/** The options of a database, and what they are by default. */
import { flag, type KindsOf } from "../../core/model/kind.ts";
import { readAtConnect } from "../check-options.ts";
import { givenLease, givenMilliseconds } from "../given-milliseconds.ts";

/** The user's options of a database. */
export type SqliteOptions = {
  /** The file, relative to the working directory, or `:memory:`. A function is asked at every opening. */
  readonly path: string | (() => string);
  /** How long a statement waits for another writer, in milliseconds. Default: 5000. */
  readonly busyTimeoutMs?: number;
  /** Whether SQLite enforces foreign keys, in migrations too. Default: true. */
  readonly foreignKeys?: boolean;
  /** How long a lock outlives a holder that gives no sign of life, in milliseconds. Default: 30000. */
  readonly leaseMs?: number;
};

/** The kinds of these options, for the adapters of all drivers. */
export const sqliteKinds: KindsOf<SqliteOptions> = {
  path: readAtConnect,
  busyTimeoutMs: readAtConnect,
  foreignKeys: flag,
  leaseMs: readAtConnect,
};

export type Settings = Required<Omit<SqliteOptions, "path">>;

/** @throws {ConnectionFailed} for a time that is no whole number of milliseconds */
export function withDefaults(options: SqliteOptions): Settings {
  return {
    busyTimeoutMs: givenMilliseconds("busyTimeoutMs", options.busyTimeoutMs, {
      standard: 5_000,
      least: 0,
    }),
    foreignKeys: options.foreignKeys ?? true,
    leaseMs: givenLease(options.leaseMs, "leaseMs"),
  };
}
