/** Rows that refer to nothing. https://www.sqlite.org/pragma.html#pragma_foreign_key_check */
import { messageOf } from "../../../core/model/message-of.ts";
import type { SqliteDatabase } from "../driver.ts";

/** How many rows of a table refer to nothing, by the table that they refer to. */
export type Violations = ReadonlyMap<string, number>;

/**
 * Counts the violations of tables. A key that refers to columns which are not unique is one too:
 * SQLite then gives an error instead of rows.
 */
export function violations(db: SqliteDatabase, tables: readonly string[]): Violations {
  const found = new Map<string, number>();
  const count = db.prepare(
    "SELECT parent, count(*) AS rows FROM pragma_foreign_key_check(?) GROUP BY parent",
  );
  for (const table of tables) {
    try {
      for (const { parent, rows } of count.all(table)) {
        found.set(`rows of ${table} refer to rows of ${parent} that are not there`, Number(rows));
      }
    } catch (error) {
      found.set(messageOf(error), 1);
    }
  }
  return found;
}

/** Throws when there are violations that were not there before: those that were are not ours to judge. */
export function refuseNewViolations(before: Violations, after: Violations): void {
  for (const [words, count] of after) {
    const added = count - (before.get(words) ?? 0);
    if (added <= 0) continue;
    throw new Error(
      `foreign keys would be broken: ${words}${added > 1 ? ` (${added} times)` : ""}`,
    );
  }
}
