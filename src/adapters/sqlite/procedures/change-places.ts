/** Hands a table's counter and statistics to the table that takes its place. */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { storedTable } from "./catalog.ts";

type Names = { readonly from: string; readonly to: string };

/**
 * Gives the AUTOINCREMENT counter, which may be ahead of the rows, and the planner's statistics to another
 * table: dropping the first would delete them. https://www.sqlite.org/autoinc.html,
 * https://www.sqlite.org/lang_analyze.html
 */
export function handOver(db: SqliteDatabase, names: Names): void {
  if (countsItsRows(db, names.to)) moveRows(db, "sqlite_sequence", { column: "name", ...names });
  moveStatistics(db, names);
}

/**
 * A rename that leaves views and triggers alone: they name the old table, and mean the new one.
 * https://www.sqlite.org/pragma.html#pragma_legacy_alter_table
 */
export function renameQuietly(db: SqliteDatabase, names: Names): void {
  const before = db.prepare("PRAGMA legacy_alter_table").get()?.legacy_alter_table;
  db.exec("PRAGMA legacy_alter_table = ON");
  try {
    db.exec(`ALTER TABLE main.${quote(names.from)} RENAME TO ${quote(names.to)}`);
  } finally {
    db.exec(`PRAGMA legacy_alter_table = ${before}`);
  }
  moveStatistics(db, names);
}

/** ALTER TABLE takes the counter along, but not these. */
function moveStatistics(db: SqliteDatabase, names: Names): void {
  for (const table of ["sqlite_stat1", "sqlite_stat4"]) {
    moveRows(db, table, { column: "tbl", ...names });
  }
}

function countsItsRows(db: SqliteDatabase, table: string): boolean {
  return /\bAUTOINCREMENT\b/i.test(storedTable(db, table)?.sql ?? "");
}

function moveRows(
  db: SqliteDatabase,
  table: string,
  { column, from, to }: Names & { readonly column: string },
): void {
  if (storedTable(db, table) === undefined) return;
  const there = `SELECT 1 FROM main.${table} WHERE ${column} = ?`;
  if (db.prepare(there).get(from) === undefined) return;
  db.prepare(`DELETE FROM main.${table} WHERE ${column} = ?`).run(to);
  db.prepare(`UPDATE main.${table} SET ${column} = ? WHERE ${column} = ?`).run(to, from);
}
