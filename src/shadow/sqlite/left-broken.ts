/**
 * The parts of a SQLite database that can no longer run, though SQLite accepted each statement:
 * views, triggers, foreign keys.
 */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import { complaintOf, triggersOf } from "../../adapters/sqlite/procedures/trigger-breaks.ts";
import { quote } from "../../adapters/sqlite/quote.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { SchemaRow, SeenTable } from "./trial-database.ts";

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

/** The broken ones among these rows, by kind. `tables` are all existing tables. */
export function brokenAmong(
  db: SqliteDatabase,
  rows: readonly SchemaRow[],
  tables: ReadonlyMap<string, SeenTable>,
): ReadonlyMap<string, Broken> {
  const all = [
    ...views(db, rows),
    ...triggers(db, rows),
    ...keys(db, rows, tables),
    ...defaults(db, rows),
  ];
  return new Map(all.map((one) => [one.what, one]));
}

function views(db: SqliteDatabase, rows: readonly SchemaRow[]): readonly Broken[] {
  return rows
    .filter(({ type }) => type === "view")
    .flatMap(({ name, sql }) => {
      const why = complaint(db, `SELECT * FROM main.${quote(name)}`);
      return why === undefined ? [] : [{ what: `view ${name}`, why, tables: [name], sql }];
    });
}

function triggers(db: SqliteDatabase, rows: readonly SchemaRow[]): readonly Broken[] {
  const tables = new Set(rows.filter(isTrigger).map(({ table }) => table));
  if (tables.size === 0) return [];
  const all = triggersOf(db).filter(({ table }) => tables.has(table));
  return all.flatMap((trigger) => {
    const why = complaintOf(db, trigger);
    if (why === undefined) return [];
    const { name, table, event, names } = trigger;
    // The engine compiles all triggers of an event together, so one broken trigger makes each of
    // them complain.
    const gone = /: (?:main\.)?(?:\w+\.)?([^\s:]+)$/.exec(why)?.[1]?.toLowerCase();
    const beside = all.filter((one) => one.table === table && one.event === event);
    const isMeant = ({ names }: { readonly names: readonly string[] }) =>
      names.some((text) => text.toLowerCase() === gone);
    if (!isMeant(trigger) && beside.some(isMeant)) return [];
    return [{ what: `trigger ${name}`, why, tables: [table], sql: names.join(" ") }];
  });
}

function isTrigger({ type }: SchemaRow): boolean {
  return type === "trigger";
}

/** SQLite looks up what a default, a check or a trigger calls only when it writes a row. */
function defaults(db: SqliteDatabase, rows: readonly SchemaRow[]): readonly Broken[] {
  const fired = new Set(rows.filter(isTrigger).map(({ table }) => table));
  const asked = rows.filter(
    ({ type, name, sql }) =>
      type === "table" && !name.startsWith("sqlite_") && (fired.has(name) || mayCall.test(sql)),
  );
  return asked.flatMap(({ name, sql }) => {
    const why = complaint(db, `INSERT INTO main.${quote(name)} DEFAULT VALUES`);
    if (why === undefined || !/^(unknown|no such) function/.test(why)) return [];
    return [{ what: `table ${name}`, why, tables: [name], sql }];
  });
}

const mayCall = /DEFAULT|CHECK|\bAS\b/i;

/** A parent that is gone, or whose columns are not unique: then no row of the child can be written. */
function keys(
  db: SqliteDatabase,
  rows: readonly SchemaRow[],
  tables: ReadonlyMap<string, SeenTable>,
): readonly Broken[] {
  const children = rows.filter(
    ({ type, name, sql }) =>
      type === "table" && !name.startsWith("sqlite_") && /REFERENCES/i.test(sql),
  );
  return children.flatMap(({ name, sql }) => {
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
