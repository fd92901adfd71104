/** Changes that SQLite makes itself since 3.53: NOT NULL of a column, and checks. No row is copied. */
import { tableConstraint } from "../ddl/constraint.ts";
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { sameName, type TableClause, type TableSql } from "../table-sql/table-sql.ts";
import { atomically } from "./atomically.ts";
import type { RebuildChange } from "./procedure.ts";

/**
 * The statements for all of the changes; `undefined` where one of them needs a rebuild.
 * https://www.sqlite.org/lang_altertable.html
 */
export function changesInPlace(
  db: SqliteDatabase,
  table: { readonly name: string; readonly sql: TableSql },
  changes: readonly RebuildChange[],
): readonly string[] | undefined {
  const parts = changes.map((change) => inPlace(table, change));
  if (parts.some((part) => part === undefined) || !knowsThem(db)) return undefined;
  return parts.flatMap((part) => part ?? []);
}

/**
 * Whether they are made. SQLite 3.53 also refuses a check that is NULL for a row, though such a row may be written:
 * what rows do not fit is for a rebuild to say, which copies them.
 */
export function alteredInPlace(db: SqliteDatabase, statements: readonly string[]): boolean {
  try {
    atomically(db, () => {
      for (const sql of statements) db.exec(sql);
    });
    return true;
  } catch (error) {
    if (error instanceof Error && /^constraint failed$/i.test(error.message)) return false;
    throw error;
  }
}

function knowsThem(db: SqliteDatabase): boolean {
  const [major = 0, minor = 0] = String(
    db.prepare("SELECT sqlite_version() AS version").get()?.version,
  )
    .split(".")
    .map(Number);
  return major > 3 || (major === 3 && minor >= 53);
}

function inPlace(
  { name: table, sql }: { readonly name: string; readonly sql: TableSql },
  change: RebuildChange,
): readonly string[] | undefined {
  const alter = `ALTER TABLE main.${quote(table)}`;
  switch (change.kind) {
    case "set_not_null":
    case "drop_not_null": {
      const column = sql.columns.find(({ name }) => sameName(name, change.name));
      const said = (column?.clauses ?? []).filter(({ kind }) => /^(not_)?null$/.test(kind));
      if (column === undefined || said.length > 1 || said[0]?.kind === "null") return undefined;
      const of = `${alter} ALTER COLUMN ${quote(column.name)}`;
      const drop = said.length === 0 ? [] : [`${of} DROP NOT NULL`];
      return change.kind === "drop_not_null" ? drop : [...drop, `${of} SET NOT NULL`];
    }
    case "add_constraint": {
      const { constraint } = change;
      if (constraint.kind !== "check" || named(sql, constraint.name).length > 0) return undefined;
      return [`${alter} ADD ${tableConstraint(constraint)}`];
    }
    case "drop_constraint": {
      const [only, more] = named(sql, change.name);
      if (only?.kind !== "check" || more !== undefined) return undefined;
      return [`${alter} DROP CONSTRAINT ${quote(only.name ?? "")}`];
    }
    default:
      return undefined;
  }
}

function named({ columns, constraints }: TableSql, wanted: string): readonly TableClause[] {
  return [...columns.flatMap(({ clauses }) => clauses), ...constraints].filter(
    ({ name = "" }) => name !== "" && sameName(name, wanted),
  );
}
