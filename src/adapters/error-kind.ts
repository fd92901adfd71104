/** What the engine knows of an error of a database. */

/**
 * `table_missing` and `column_missing` are about the history table; `connection_lost` ends the session; after
 * `lock_timeout` and `deadlock` the same may be tried again; `copy_refused` says that MySQL could only copy the table.
 * `duplicate_key`: two rows have it, where that is not the catalog's own way to say `already_exists`.
 * `rows_hidden`: row level security would hide rows, and is not to.
 * `timeout`: it took too long, or was cancelled; `invalid`: the statement itself is wrong, whatever the rows are;
 * `savepoint_missing`: the transaction has no such savepoint, or there is no transaction.
 */
export type ErrorKind =
  | "table_missing"
  | "column_missing"
  | "already_exists"
  | "duplicate_key"
  | "lock_timeout"
  | "deadlock"
  | "copy_refused"
  | "connection_lost"
  | "timeout"
  | "rows_hidden"
  | "invalid"
  | "savepoint_missing"
  | "other";
