/** What of a database of SQLite can no longer run, though each statement was accepted: views, triggers, foreign keys. */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import { complaintOf, triggersOf } from "../../adapters/sqlite/procedures/trigger-breaks.ts";
import { quote } from "../../adapters/sqlite/quote.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { tablesOf } from "./trial-database.ts";

export type Broken = {
  /** `trigger t`, `view v`, `the foreign key of t` */
  readonly what: string;
  /** The engine's words. */
  readonly why: string;
  /** Whose writes or reads fail. */
  readonly tables: readonly string[];
  /** Its text, for the names in it. */
  readonly sql: string;
};

/** By what it is. */
export function brokenIn(db: SqliteDatabase): ReadonlyMap<string, Broken> {
  const all = [...views(db), ...triggers(db), ...keys(db), ...defaults(db)];
  return new Map(all.map((one) => [one.what, one]));
}

function views(db: SqliteDatabase): readonly Broken[] {
  return db
    .prepare("SELECT name, sql FROM main.sqlite_schema WHERE type = 'view'")
    .all()
    .flatMap(({ name, sql }) => {
      const why = complaint(db, `SELECT * FROM main.${quote(String(name))}`);
      const tables = [String(name)];
      return why === undefined ? [] : [{ what: `view ${name}`, why, tables, sql: String(sql) }];
    });
}

function triggers(db: SqliteDatabase): readonly Broken[] {
  const all = triggersOf(db);
  return all.flatMap((trigger) => {
    const why = complaintOf(db, trigger);
    if (why === undefined) return [];
    const { name, table, event, names } = trigger;
    // The engine compiles all triggers of an event together: each is asked, and one is meant.
    const gone = /: (?:main\.)?(?:\w+\.)?([^\s:]+)$/.exec(why)?.[1]?.toLowerCase();
    const beside = all.filter((one) => one.table === table && one.event === event);
    const isMeant = ({ names }: { readonly names: readonly string[] }) =>
      names.some((text) => text.toLowerCase() === gone);
    if (!isMeant(trigger) && beside.some(isMeant)) return [];
    return [{ what: `trigger ${name}`, why, tables: [table], sql: names.join(" ") }];
  });
}

/** What a default or a check calls is looked up when a row is written. */
function defaults(db: SqliteDatabase): readonly Broken[] {
  return [...tablesOf(db).values()].flatMap(({ name, sql }) => {
    const why = complaint(db, `INSERT INTO main.${quote(name)} DEFAULT VALUES`);
    if (why === undefined || !/^(unknown|no such) function/.test(why)) return [];
    return [{ what: `table ${name}`, why, tables: [name], sql }];
  });
}

/** A parent that is gone, or whose columns are not unique: then no row of the child can be written. */
function keys(db: SqliteDatabase): readonly Broken[] {
  const tables = tablesOf(db);
  return [...tables.values()].flatMap(({ name, sql }) => {
    const parents = db.prepare('SELECT DISTINCT "table" AS parent FROM pragma_foreign_key_list(?)');
    const gone = parents
      .all(name)
      .map(({ parent }) => String(parent))
      .find((parent) => !tables.has(parent.toLowerCase()));
    const why =
      gone !== undefined
        ? `no such table: main.${gone}`
        : complaint(db, `PRAGMA main.foreign_key_check(${quote(name)})`, "run");
    if (why === undefined) return [];
    return [{ what: `the foreign key of ${name}`, why, tables: [name], sql }];
  });
}

function complaint(db: SqliteDatabase, sql: string, how: "prepare" | "run" = "prepare") {
  try {
    const statement = db.prepare(sql);
    if (how === "run") statement.all();
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}
