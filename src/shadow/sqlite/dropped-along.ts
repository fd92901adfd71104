/** Rows of other tables that SQLite deletes or changes when it drops a table. */
import type { SqliteDatabase } from "../../adapters/sqlite/driver.ts";
import { targetOf } from "./names.ts";
import { tablesOf } from "./trial-database.ts";

export type DroppedAlong = { readonly table: string; readonly rows: readonly RowsOfOther[] };

type RowsOfOther = { readonly table: string; readonly fate: "deleted" | "changed" };

/** With foreign keys on, DROP TABLE deletes the rows first. https://www.sqlite.org/foreignkeys.html#fk_schemacommands */
export function droppedAlong(
  db: SqliteDatabase,
  sql: string,
  isOlder: (table: string) => boolean,
): DroppedAlong | undefined {
  const target = targetOf(sql);
  if (target?.verb !== "DROP" || target.type !== "TABLE" || !isOlder(target.name)) return undefined;
  if (db.prepare("PRAGMA foreign_keys").get()?.foreign_keys !== 1) return undefined;
  const rows = [...tablesOf(db).values()].flatMap(({ name }): readonly RowsOfOther[] => {
    if (name.toLowerCase() === target.name || !isOlder(name.toLowerCase())) return [];
    const actions = db
      .prepare('SELECT on_delete FROM pragma_foreign_key_list(?) WHERE lower("table") = ?')
      .all(name, target.name)
      .map(({ on_delete }) => String(on_delete));
    if (actions.includes("CASCADE")) return [{ table: name, fate: "deleted" }];
    return actions.some((action) => action.startsWith("SET"))
      ? [{ table: name, fate: "changed" }]
      : [];
  });
  return rows.length === 0 ? undefined : { table: target.name, rows };
}
