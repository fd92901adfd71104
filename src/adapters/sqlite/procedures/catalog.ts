/** Reading the catalog. https://www.sqlite.org/schematab.html */
import type { SqliteDatabase } from "../driver.ts";

export type CatalogEntry = { readonly name: string; readonly sql: string };

/** The CREATE TABLE of a table, with its name as it is written there. */
export function storedTable(db: SqliteDatabase, name: string): CatalogEntry | undefined {
  const sql =
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE";
  return db.prepare(sql).get(name) as CatalogEntry | undefined;
}

/** The tables with a foreign key that refers to `table`; `table` itself is one when it refers to itself. */
export function referringTables(db: SqliteDatabase, table: string): readonly CatalogEntry[] {
  // A virtual table has no keys, and asking about one whose module is not loaded fails.
  const sql = `SELECT name, sql FROM main.sqlite_schema AS entry WHERE type = 'table'
    AND CASE WHEN sql LIKE 'CREATE VIRTUAL %' THEN 0 ELSE EXISTS (
      SELECT 1 FROM pragma_foreign_key_list(entry.name) WHERE "table" = ? COLLATE NOCASE) END`;
  return db.prepare(sql).all(table) as CatalogEntry[];
}

/** Indexes and triggers that someone made on `table`, in the order in which they were made. */
export function attachments(db: SqliteDatabase, table: string): readonly CatalogEntry[] {
  const sql = `SELECT name, sql FROM main.sqlite_schema
    WHERE type IN ('index', 'trigger') AND tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid`;
  return db.prepare(sql).all(table) as CatalogEntry[];
}

/** The columns that an index sorts by; an expression has no name. */
export function indexedColumns(db: SqliteDatabase, index: string): readonly string[] {
  const rows = db
    .prepare("SELECT name FROM pragma_index_info(?) WHERE name IS NOT NULL")
    .all(index);
  return rows.map(({ name }) => String(name));
}

/** A name that nothing in the database has. */
export function freeName(db: SqliteDatabase, wish: string): string {
  const taken = db.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE");
  let name = wish;
  for (let i = 2; taken.get(name) !== undefined; i += 1) name = `${wish}_${i}`;
  return name;
}

/**
 * The name by which the rowid of these tables can be read and written. `undefined` when one of them is WITHOUT
 * ROWID, or has columns of all three names. https://www.sqlite.org/lang_createtable.html#rowid
 */
export function rowidToKeep(db: SqliteDatabase, tables: readonly string[]): string | undefined {
  const list = db.prepare("SELECT wr FROM pragma_table_list WHERE schema = 'main' AND name = ?");
  if (tables.some((table) => Number(list.get(table)?.wr) === 1)) return undefined;
  const columns = db.prepare("SELECT lower(name) AS name FROM pragma_table_xinfo(?)");
  const taken = new Set(tables.flatMap((table) => columns.all(table)).map(({ name }) => name));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}
