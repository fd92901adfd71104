/** An index under another name: dropped and made again. */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { Cursor } from "../table-sql/cursor.ts";
import { atomically } from "./atomically.ts";
import type { SqliteProcedureInputs } from "./procedure.ts";

/** Throws when there is no such index, and for one that belongs to a constraint. */
export function renameIndex(
  db: SqliteDatabase,
  { index, to }: SqliteProcedureInputs["rename_index"],
): void {
  const sql =
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'index' AND name = ? COLLATE NOCASE";
  const found = db.prepare(sql).get(index);
  if (found === undefined) throw new Error(`no such index: ${index}`);
  if (typeof found.sql !== "string") {
    throw new Error(`index ${index} belongs to a constraint and cannot be renamed`);
  }
  const renamed = renameInText(found.sql, to);
  atomically(db, () => {
    db.exec(`DROP INDEX main.${quote(index)}`);
    db.exec(renamed);
  });
}

/** The catalog keeps `CREATE [UNIQUE] INDEX name ON …`, without IF NOT EXISTS. */
function renameInText(sql: string, to: string): string {
  const cursor = new Cursor(sql);
  cursor.expect("CREATE");
  cursor.accept("UNIQUE");
  cursor.expect("INDEX");
  const name = cursor.take();
  return sql.slice(0, name.start) + quote(to) + sql.slice(name.start + name.text.length);
}
