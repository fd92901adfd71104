/** Parts that the forms of several databases share. */

import type { Named } from "../../model/named.ts";
import type { SchemaOperation } from "../operation.ts";
import type { ColumnChange } from "../table-parts.ts";
import type { ColumnFill } from "./column-fill.ts";
import type { SafePart } from "./safe-part.ts";

/** Operations that are one transaction. */
export function part(
  words: string,
  note: string,
  ...operations: readonly SchemaOperation[]
): SafePart {
  return { words, note, operations };
}

/** Rows filled batch by batch. */
export function batches(words: string, backfill: ColumnFill): SafePart {
  return {
    words,
    note: "batch by batch, each a short transaction; locks the rows of one batch",
    backfill,
  };
}

/** One ALTER TABLE. */
export function alter(table: Named, ...changes: readonly ColumnChange[]): SchemaOperation {
  return { kind: "alter_table", table, changes };
}

/** Says in the notes how each kind of lock affects others. */
export const locks = {
  moment: "stops readers and writers for a moment; reads no row",
  writersForAMoment: "stops writers of both tables for a moment; reads no row",
  beside: "reads the table beside readers and writers",
  none: "others notice nothing",
} as const;
