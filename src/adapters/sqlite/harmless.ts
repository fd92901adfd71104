/** Which findings of the safety rules hold on this database, with the rows that are there now. */
import type { FoundOnTables } from "../adapter.ts";
import type { SqliteDatabase } from "./driver.ts";
import { quote } from "./quote.ts";

/**
 * Whether the tables have no rows. Only two rules are about rows; the other findings hold without
 * rows too.
 */
export function isHarmless(db: SqliteDatabase, { rule, tables }: FoundOnTables): boolean {
  if (!/^sqlite-(refuses|drop-deletes)-rows$/.test(rule)) return false;
  return tables.every((table) => isEmpty(db, table));
}

function isEmpty(db: SqliteDatabase, table: string): boolean {
  try {
    return db.prepare(`SELECT 1 FROM main.${quote(table)} LIMIT 1`).get() === undefined;
  } catch {
    // It is not there yet.
    return true;
  }
}
