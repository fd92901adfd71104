/** The primary key of a table, in its order. */
import type { Named } from "../../core/schema/operation.ts";
import { stringLiteral } from "./literal.ts";
import { quoteNamed } from "./sql-text.ts";

/** One row for each column, with `name`. */
export function primaryKeySql(table: Named): string {
  const of = `to_regclass(${stringLiteral(quoteNamed(table))})`;
  return `SELECT attname AS name FROM pg_index JOIN pg_attribute ON attrelid = indrelid AND attnum = ANY (indkey) WHERE indisprimary AND indrelid = ${of} ORDER BY array_position(indkey::int2[], attnum)`;
}
