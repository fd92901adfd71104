/** Reading the catalog. https://www.sqlite.org/schematab.html */
import type { DatabaseSync } from "node:sqlite";

export type CatalogEntry = { readonly name: string; readonly sql: string };

/** The CREATE TABLE of a table, with its name as it is written there. */
export function storedTable(db: DatabaseSync, name: string): CatalogEntry | undefined {
  const sql =
    "SELECT name, sql FROM main.sqlite_schema WHERE type = 'table' AND name = ? COLLATE NOCASE";
  return db.prepare(sql).get(name) as CatalogEntry | undefined;
}

/** The tables with a foreign key that refers to `table`; `table` itself is one when it refers to itself. */
export function referringTables(db: DatabaseSync, table: string): readonly CatalogEntry[] {
  const sql = `SELECT name, sql FROM main.sqlite_schema AS entry WHERE type = 'table' AND EXISTS (
    SELECT 1 FROM pragma_foreign_key_list(entry.name) WHERE "table" = ? COLLATE NOCASE)`;
  return db.prepare(sql).all(table) as CatalogEntry[];
}

/** Indexes and triggers that someone made on `table`, in the order in which they were made. */
export function attachments(db: DatabaseSync, table: string): readonly CatalogEntry[] {
  const sql = `SELECT name, sql FROM main.sqlite_schema
    WHERE type IN ('index', 'trigger') AND tbl_name = ? COLLATE NOCASE AND sql IS NOT NULL ORDER BY rowid`;
  return db.prepare(sql).all(table) as CatalogEntry[];
}

/** The columns that an index sorts by; an expression has no name. */
export function indexedColumns(db: DatabaseSync, index: string): readonly string[] {
  const rows = db
    .prepare("SELECT name FROM pragma_index_info(?) WHERE name IS NOT NULL")
    .all(index);
  return rows.map(({ name }) => String(name));
}

/** A name that nothing in the database has. */
export function freeName(db: DatabaseSync, wish: string): string {
  const taken = db.prepare("SELECT 1 FROM main.sqlite_schema WHERE name = ? COLLATE NOCASE");
  let name = wish;
  for (let i = 2; taken.get(name) !== undefined; i += 1) name = `${wish}_${i}`;
  return name;
}

/** The name that a table's rowid can be read and written by; `undefined` when columns have taken all of them. */
export function rowidName(columns: readonly string[]): string | undefined {
  const taken = new Set(columns.map((column) => column.toLowerCase()));
  return ["rowid", "_rowid_", "oid"].find((name) => !taken.has(name));
}
