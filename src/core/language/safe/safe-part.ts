import type { SchemaOperation } from "../operation.ts";
import type { ColumnFill } from "./column-fill.ts";

/**
 * One part of a form. Its operations are one transaction; one that refuses a transaction stands alone.
 * `note` says which lock it takes and for how long, for people.
 */
export type SafePart = { readonly words: string; readonly note: string } & (
  | { readonly operations: readonly SchemaOperation[]; readonly backfill?: never }
  | { readonly backfill: ColumnFill; readonly operations?: never }
);
