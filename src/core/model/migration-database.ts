/**
 * The database as a `run` function sees it: queries on the connection, and in the transaction, of
 * its migration.
 */
export interface MigrationDatabase {
  /** Runs one statement and gives its rows. */
  query<Row = Record<string, unknown>>(
    sql: string,
    parameters?: readonly unknown[],
  ): Promise<readonly Row[]>;
  /** Runs one statement and gives how many rows it changed. */
  change(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** Runs one or several statements without parameters; gives nothing back. */
  execute(sql: string): Promise<void>;
}
