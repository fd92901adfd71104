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

export type Settings = Required<Omit<SqliteOptions, "path">>;

export function withDefaults(options: SqliteOptions): Settings {
  const { busyTimeoutMs = 5_000, foreignKeys = true, leaseMs = 30_000 } = options;
  return { busyTimeoutMs, foreignKeys, leaseMs };
}
