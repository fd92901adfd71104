/**
 * Changing the text of tables in the catalog, which SQLite documents for changes that leave the rows as they
 * are, such as taking foreign keys out and putting them back, inside a transaction:
 * https://www.sqlite.org/lang_altertable.html#otheralter, the procedure for changes that do not affect the
 * on-disk content.
 */
import { messageOf } from "../../../core/model/message-of.ts";
import type { SqliteDatabase } from "../driver.ts";
import type { CatalogEntry } from "./catalog.ts";

/** Gives tables another text. The new schema version makes every connection, this one too, read it anew. */
export function writeSchemaText(db: SqliteDatabase, tables: readonly CatalogEntry[]): void {
  const version = Number(db.prepare("PRAGMA main.schema_version").get()?.schema_version);
  db.exec("PRAGMA writable_schema = ON");
  try {
    const update = db.prepare(
      "UPDATE main.sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?",
    );
    for (const { name, sql } of tables) {
      const { changes } = update.run(sql, name);
      if (Number(changes) !== 1) throw new Error(`the catalog has no table ${name}`);
    }
    db.exec(`PRAGMA main.schema_version = ${version + 1}`);
  } finally {
    db.exec("PRAGMA writable_schema = OFF");
  }
}

/** Lets SQLite read texts of new tables, so that none gets into the catalog that it cannot read. */
export function tryTexts(db: SqliteDatabase, texts: readonly string[]): void {
  for (const text of texts) {
    db.exec("SAVEPOINT slipway_trial");
    try {
      db.exec(text);
    } finally {
      db.exec("ROLLBACK TO slipway_trial; RELEASE slipway_trial");
    }
  }
}

/**
 * SQLite's complaint about views and triggers, if there is one: every rename reads all of them.
 * https://www.sqlite.org/lang_altertable.html#alter_table_rename
 */
export function schemaComplaint(db: SqliteDatabase): string | undefined {
  db.exec("SAVEPOINT slipway_probe");
  try {
    db.exec(
      "CREATE TABLE main.slipway_probe (x); ALTER TABLE main.slipway_probe RENAME TO slipway_probed",
    );
    return undefined;
  } catch (error) {
    return messageOf(error);
  } finally {
    db.exec("ROLLBACK TO slipway_probe; RELEASE slipway_probe");
  }
}
