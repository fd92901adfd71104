/** The database that SQLite's scripts are tried on, and the observations on it. */

import { resultCode } from "../../adapters/sqlite/connection.ts";
import type { SqliteDatabase, SqliteDriver } from "../../adapters/sqlite/driver.ts";
import type { SqliteProcedure } from "../../adapters/sqlite/procedures/procedure.ts";
import { runProcedure } from "../../adapters/sqlite/procedures/run-procedure.ts";
import { quote } from "../../adapters/sqlite/quote.ts";
import { runStatement } from "../../adapters/sqlite/values.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Statement } from "../../core/model/statement.ts";
import { namesIn } from "./names.ts";

/** A table as the catalog has it; names in lower case, as SQLite compares them. */
export type SeenTable = { readonly name: string; readonly rootpage: number; readonly sql: string };

/** In memory; foreign keys are enforced, as Slipway's connections do. */
export function openTrial(driver: SqliteDriver): SqliteDatabase {
  return driver.open(":memory:", { timeoutMs: 0, foreignKeys: true });
}

/** @throws the error of SQLite */
export function runSent(db: SqliteDatabase, { sql, parameters, procedure }: Statement): void {
  if (procedure !== undefined) runProcedure(db, procedure as SqliteProcedure);
  else if (parameters !== undefined) runStatement(db, sql, parameters);
  else db.exec(sql);
}

export function tablesOf(db: SqliteDatabase): ReadonlyMap<string, SeenTable> {
  const rows = db
    .prepare(
      "SELECT name, rootpage, sql FROM main.sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all();
  return new Map(
    rows.map(({ name, rootpage, sql }) => [
      String(name).toLowerCase(),
      { name: String(name), rootpage: Number(rootpage), sql: String(sql) },
    ]),
  );
}

/** A row of the catalog. */
export type SchemaRow = SeenTable & {
  /** Of all rows. */
  readonly key: string;
  /** Newer rows have higher ones. */
  readonly id: number;
  readonly type: string;
  /** The table that it belongs to. */
  readonly table: string;
};

/** Tables, indexes, views and triggers after a row. */
export function schemaRows(db: SqliteDatabase, behind: number): readonly SchemaRow[] {
  return db
    .prepare(
      "SELECT rowid AS id, type, name, tbl_name, rootpage, sql FROM main.sqlite_schema WHERE rowid > ?",
    )
    .all(behind)
    .map(({ id, type, name, tbl_name, rootpage, sql }) => ({
      key: `${type} ${name}`,
      id: Number(id),
      type: String(type),
      name: String(name),
      table: String(tbl_name),
      rootpage: Number(rootpage),
      sql: String(sql),
    }));
}

/** The names of objects that only this connection has, in lower case. */
export function temporaryNames(db: SqliteDatabase): readonly string[] {
  const rows = db.prepare("SELECT name FROM temp.sqlite_schema").all();
  return rows.map(({ name }) => String(name).toLowerCase());
}

/** Gives the names of the temporary tables and views that are gone then, in lower case. */
export function dropTemporary(db: SqliteDatabase): readonly string[] {
  const all = db
    .prepare("SELECT type, name FROM temp.sqlite_schema WHERE type IN ('table', 'view')")
    .all();
  for (const { type, name } of all) db.exec(`DROP ${type} IF EXISTS temp.${quote(String(name))}`);
  return all.map(({ name }) => String(name).toLowerCase());
}

/** Whether a trigger may have refused a row, which may ask rows that are others elsewhere. */
export function isOfTrigger(db: SqliteDatabase, sql: string, error: unknown): boolean {
  const code = resultCode(error);
  if (code !== 19 && code !== 20) return false;
  const names = namesIn(sql);
  const triggers = db
    .prepare(
      "SELECT 'main' AS place, name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger' UNION ALL SELECT 'temp', name, tbl_name, sql FROM temp.sqlite_schema WHERE type = 'trigger'",
    )
    .all()
    .filter(({ tbl_name }) => names.has(String(tbl_name).toLowerCase()));
  if (triggers.length === 0) return false;
  if (triggers.some((one) => /\bIGNORE\b/i.test(String(one.sql)))) return true;
  // If the table itself refuses the row, it also does so without its triggers.
  return undone(db, () => {
    for (const { place, name } of triggers) db.exec(`DROP TRIGGER ${place}.${quote(String(name))}`);
    try {
      db.exec(sql);
      return true;
    } catch (again) {
      return messageOf(again) !== messageOf(error);
    }
  });
}

/** Does `work` and takes it back. */
export function undone<Result>(db: SqliteDatabase, work: () => Result): Result {
  db.exec("SAVEPOINT slipway_undone");
  try {
    return work();
  } finally {
    // A failure may have ended the transaction, and the savepoint with it.
    if (db.isTransaction) db.exec("ROLLBACK TO slipway_undone; RELEASE slipway_undone");
  }
}
