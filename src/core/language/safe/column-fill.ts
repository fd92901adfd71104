import type { Named } from "../../model/named.ts";

/** Fills a column of the rows that are there, batch by batch. */
export type ColumnFill = {
  readonly table: Named;
  /** The columns that order the rows. Default: the primary key, which the catalog knows. */
  readonly key?: readonly string[] | undefined;
  /** The SQL behind SET. */
  readonly set: string;
  /** The rows that still need it: doing one twice must do nothing. */
  readonly where: string;
};
