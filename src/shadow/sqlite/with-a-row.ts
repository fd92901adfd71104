/**
 * Changes that SQLite makes on an empty table and refuses as soon as the table has a row, whatever
 * its values.
 */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import type { RebuildChange } from "../../adapters/sqlite/procedures/procedure.ts";
import { quote } from "../../adapters/sqlite/quote.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Statement } from "../../core/model/statement.ts";
import { wordOf } from "../../core/sql/token.ts";
import { needsRows } from "./certain.ts";
import { codeOf, namesIn, plainName, targetOf } from "./names.ts";
import { runSent, undone } from "./trial-database.ts";

/** The table that must be empty, and the engine's words. */
export type NeedsNoRows = { readonly table: string; readonly why: string };

/**
 * Asks before the statement runs; the database stays as it is. Only for tables that `isOlder` holds
 * for.
 */
export function refusedWithRows(
  db: SqliteDatabase,
  sent: Statement,
  isOlder: (table: string) => boolean,
): NeedsNoRows | undefined {
  const table = addsTo(sent) ?? copiesFrom(sent.sql);
  if (table === undefined || !isOlder(table)) return undefined;
  return undone(db, () => {
    if (failure(() => runSent(db, sent)) !== undefined) return undefined;
    db.exec("ROLLBACK TO slipway_undone");
    if (!insertRow(db, table)) return undefined;
    const why = failure(() => runSent(db, sent));
    return why !== undefined && isOfAnyRow(why, sent.sql, columnsOf(db, table))
      ? { table, why }
      : undefined;
  });
}

/** The table that gets a column or an index. */
function addsTo({ sql, procedure }: Statement): string | undefined {
  if (procedure?.name === "rebuild") {
    const { table, changes } = procedure.input as {
      readonly table: string;
      readonly changes: readonly RebuildChange[];
    };
    return changes.some(({ kind }) => kind === "add_column") ? table.toLowerCase() : undefined;
  }
  const target = targetOf(sql);
  if (target?.verb === "CREATE" && target.type === "INDEX") return target.on;
  const [verb, what] = target?.rest ?? [];
  const isOther = /^(CONSTRAINT|CHECK|FOREIGN|UNIQUE|PRIMARY)$/.test(wordOf(what));
  return target?.type === "TABLE" && wordOf(verb) === "ADD" && !isOther ? target.name : undefined;
}

/** `INSERT INTO new_t (…) SELECT … FROM t`, as a rebuild by hand has it. */
function copiesFrom(sql: string): string | undefined {
  const tokens = codeOf(sql);
  const words = tokens.map(wordOf);
  if (words[0] !== "INSERT" || !words.includes("SELECT")) return undefined;
  const from = words.indexOf("FROM");
  const isOne = words.lastIndexOf("FROM") === from && !words.includes("JOIN");
  return isOne && tokens[from + 2] === undefined ? plainName(tokens[from + 1]) : undefined;
}

/** A CHECK that reads other columns, or a NULL that is copied, depends on the row. */
function isOfAnyRow(why: string, sql: string, columns: readonly string[]): boolean {
  const names = namesIn(sql);
  // SQLite has only these words when a check asks something of each row, such as the time.
  if (/^non-deterministic use|^SQL logic error$/.test(why)) return true;
  if (/^CHECK constraint failed/.test(why)) return !columns.some((name) => names.has(name));
  const [, column] = /^NOT NULL constraint failed: \S+?\.(.+)$/.exec(why) ?? [];
  if (column !== undefined) return !names.has(column.toLowerCase());
  return needsRows.test(why) && !/^NOT NULL constraint/.test(why);
}

type Column = { readonly name: string; readonly type: string; readonly isRequired: boolean };

/** One row that the table's own checks bear, where one is found; nothing fires and no key is looked up. */
function insertRow(db: SqliteDatabase, table: string): boolean {
  db.exec("PRAGMA defer_foreign_keys = ON");
  for (const { name } of db
    .prepare("SELECT name FROM main.sqlite_schema WHERE type = 'trigger' AND lower(tbl_name) = ?")
    .all(table))
    db.exec(`DROP TRIGGER main.${quote(String(name))}`);
  const needed = requiredOf(db, table);
  const tries = [...literalsIn(db, table), "1", "'x'", "0", "'1'", "'2000-01-01'"];
  const into = `INSERT INTO main.${quote(table)}`;
  for (const value of tries) {
    const values = needed.map(({ type }) => fitting(type, value));
    const names = needed.map(({ name }) => quote(name));
    const sql =
      needed.length === 0
        ? `${into} DEFAULT VALUES`
        : `${into} (${names.join(", ")}) VALUES (${values.join(", ")})`;
    if (failure(() => db.exec(sql)) === undefined) return true;
  }
  return false;
}

/** Those that take no NULL and have no default. */
function requiredOf(db: SqliteDatabase, table: string): readonly Column[] {
  return db
    .prepare(
      `SELECT name, type, "notnull" AS required, pk, dflt_value FROM pragma_table_xinfo(?) WHERE hidden = 0`,
    )
    .all(table)
    .map(({ name, type, required, pk, dflt_value }) => ({
      name: String(name),
      type: String(type).toUpperCase(),
      isRequired: (required === 1 || Number(pk) > 0) && dflt_value === null,
    }))
    .filter(({ isRequired }) => isRequired);
}

function fitting(type: string, value: string): string {
  const isText = value.startsWith("'");
  if (/INT|REAL|FLOA|DOUB/.test(type)) return isText ? "1" : value;
  if (/CHAR|CLOB|TEXT/.test(type)) return isText ? value : `'${value}'`;
  if (type === "BLOB") return "x'00'";
  return value;
}

/** The literals that a check of the table may want to see. */
function literalsIn(db: SqliteDatabase, table: string): readonly string[] {
  const row = db
    .prepare("SELECT sql FROM main.sqlite_schema WHERE type = 'table' AND lower(name) = ?")
    .get(table);
  const found = codeOf(String(row?.sql ?? "")).filter(
    ({ kind }) => kind === "string" || kind === "number",
  );
  return [...new Set(found.map(({ text }) => text))].slice(0, 20);
}

function columnsOf(db: SqliteDatabase, table: string): readonly string[] {
  const rows = db.prepare("SELECT name FROM pragma_table_xinfo(?)").all(table);
  return rows.map(({ name }) => String(name).toLowerCase());
}

function failure(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
