/**
 * Runs a migration that rebuilds a table itself, as Drizzle and Prisma write it: foreign keys off,
 * a new table, the rows into it, the old table away, the new one in its place, foreign keys on.
 * SQLite cannot switch foreign keys inside a transaction
 * (https://www.sqlite.org/pragma.html#pragma_foreign_keys), so they are off around the whole of it.
 */
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { atomically } from "./atomically.ts";
import { attachments, type CatalogEntry, storedTable } from "./catalog.ts";
import { refuseNewViolations, type Violations, violations } from "./foreign-key-check.ts";
import type { SqliteProcedureInputs } from "./procedure.ts";
import { schemaComplaint } from "./schema-text.ts";

/** The state of a connection before, to which it must come back. */
type Before = {
  readonly violations: Violations;
  readonly complaint: string | undefined;
  /** Triggers that went with their table. */
  readonly triggers: (CatalogEntry & { readonly table: string })[];
};

const settings = new WeakMap<SqliteDatabase, unknown>();
const states = new WeakMap<SqliteDatabase, Before>();

/** Before the transaction. */
export function switchForeignKeys(
  db: SqliteDatabase,
  { on }: SqliteProcedureInputs["switch_foreign_keys"],
): void {
  settings.set(db, db.prepare("PRAGMA foreign_keys").get()?.foreign_keys);
  db.exec(`PRAGMA foreign_keys = ${on ? "ON" : "OFF"}`);
}

/** As the first thing in it. */
export function rememberState(db: SqliteDatabase): void {
  states.set(db, {
    violations: violations(db, tables(db)),
    complaint: schemaComplaint(db),
    triggers: [],
  });
}

/** Drops a table as the migration says it, and remembers the triggers on it. */
export function dropAsWritten(
  db: SqliteDatabase,
  { table, sql }: SqliteProcedureInputs["drop_as_written"],
): void {
  const found = attachments(db, table).filter(({ sql: text }) => /^\s*CREATE\s+T/i.test(text));
  db.exec(sql);
  states.get(db)?.triggers.push(...found.map((trigger) => ({ ...trigger, table })));
}

/**
 * A rename to the name of a table that is gone: views and triggers that refer to it mean the new table, and SQLite
 * would refuse the rename because of them. They are taken out and put back, because with `legacy_alter_table` the
 * table's own checks would keep the earlier name.
 */
export function renameAsWritten(
  db: SqliteDatabase,
  { table, sql }: SqliteProcedureInputs["rename_as_written"],
): void {
  try {
    db.exec(sql);
  } catch (error) {
    if (!(error instanceof Error) || !/^error in (view|trigger) /.test(error.message)) throw error;
    atomically(db, () => {
      const entries = db
        .prepare(
          `SELECT type, name, sql FROM main.sqlite_schema
          WHERE type IN ('view', 'trigger') AND tbl_name <> ? COLLATE NOCASE ORDER BY rowid`,
        )
        .all(table);
      for (const { type, name } of entries)
        db.exec(`DROP ${type} IF EXISTS main.${quote(String(name))}`);
      db.exec(sql);
      for (const entry of entries) db.exec(String(entry.sql));
    });
  }
}

/** As the last thing: makes triggers again whose table is back, and refuses what foreign keys and views would not bear. */
export function checkState(db: SqliteDatabase): void {
  const before = states.get(db);
  if (before === undefined) return;
  for (const { name, table, sql } of before.triggers) {
    if (storedTable(db, table) !== undefined && !isThere(db, name)) db.exec(sql);
  }
  refuseNewViolations(before.violations, violations(db, tables(db)));
  const complaint = before.complaint === undefined ? schemaComplaint(db) : undefined;
  if (complaint !== undefined) throw new Error(complaint.replace(/ after rename/, ""));
}

/** After the transaction, however it ended. */
export function restoreForeignKeys(db: SqliteDatabase): void {
  states.delete(db);
  db.exec(`PRAGMA foreign_keys = ${Number(settings.get(db) ?? 1)}`);
}

function tables(db: SqliteDatabase): readonly string[] {
  const sql =
    "SELECT name FROM main.sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL %'";
  return db
    .prepare(sql)
    .all()
    .map(({ name }) => String(name));
}

function isThere(db: SqliteDatabase, trigger: string): boolean {
  const sql = "SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND name = ? COLLATE NOCASE";
  return db.prepare(sql).get(trigger) !== undefined;
}
