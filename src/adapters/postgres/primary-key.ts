/** The primary key of a table, in its order. */
import type { Named } from "../../core/model/named.ts";
import { stringLiteral } from "./literal.ts";
import { operator } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";

/** One row for each column, with `name`. */
export function primaryKeySql(table: Named): string {
  const of = `pg_catalog.to_regclass(${stringLiteral(quoteNamed(table))})`;
  const is = operator("=");
  return `SELECT attname AS name FROM pg_catalog.pg_index JOIN pg_catalog.pg_attribute ON attrelid ${is} indrelid AND attnum ${is} ANY (indkey) WHERE indisprimary AND indrelid ${is} ${of} ORDER BY pg_catalog.array_position(indkey::pg_catalog.int2[], attnum)`;
}
