/** Tells a table of SQLite from another one of its name. */
import type { Named } from "../../core/model/named.ts";
import { literal } from "./quote.ts";

/**
 * Its entry in the catalog and the page it begins at: both stay while columns are added or renamed. VACUUM may move
 * them, and an auto_vacuum the page; then it is a human who says that it is the same table.
 * https://www.sqlite.org/fileformat2.html#storage_of_the_sql_database_schema
 */
export function tableIdentitySql({ name }: Named): string {
  return `SELECT 'entry ' || rowid || ', page ' || rootpage AS identity FROM main.sqlite_schema WHERE type = 'table' AND name = ${literal(name)} COLLATE NOCASE`;
}
