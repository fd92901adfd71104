/**
 * Refuses to drop a column that triggers need. SQLite looks at the columns that they read, and not at those that they
 * write: it drops the column, and the next write of the application fails.
 * https://www.sqlite.org/lang_altertable.html#altertabdropcol
 */
import { lex } from "../../../core/sql/lexer.ts";
import { isCode } from "../../../core/sql/token.ts";
import type { SqliteDatabase } from "../driver.ts";
import { quote } from "../quote.ts";
import { hasName, sameName } from "../table-sql/table-sql.ts";

export type Trigger = {
  readonly name: string;
  readonly table: string;
  readonly event: "INSERT" | "UPDATE" | "DELETE";
  /** The columns of `UPDATE OF`. */
  readonly of: readonly string[];
  /** Everything in it that may be a name. */
  readonly names: readonly string[];
};

/** Does `work`, which drops columns of a table, and throws when a trigger can no longer run, or never would again. */
export function keepingTriggers(
  db: SqliteDatabase,
  dropped: { readonly table: string; readonly columns: readonly string[] },
  work: () => void,
): void {
  const before = triggersOf(db);
  const broken = new Set(before.filter((one) => complaintOf(db, one) !== undefined));
  work();
  const idle = before.find(
    ({ table, of }) =>
      sameName(table, dropped.table) && dropped.columns.some((column) => hasName(of, column)),
  );
  if (idle !== undefined && isThere(db, idle))
    throw refusal(idle, dropped, `it fires at an update of ${idle.of.join(", ")}`);
  for (const trigger of before) {
    if (broken.has(trigger) || !isThere(db, trigger)) continue;
    const complaint = complaintOf(db, trigger);
    if (complaint !== undefined)
      throw refusal(culprit(trigger, before, dropped), dropped, complaint);
  }
}

/** The trigger of the same event that names a column that is gone. */
function culprit(
  found: Trigger,
  all: readonly Trigger[],
  { table, columns }: { readonly table: string; readonly columns: readonly string[] },
): Trigger {
  const beside = all.filter((one) => sameName(one.table, found.table) && one.event === found.event);
  const writes = beside.filter(({ names }) => hasName(names, table));
  return (
    writes.find(({ names }) => columns.some((column) => hasName(names, column))) ??
    writes[0] ??
    found
  );
}

function refusal(
  { name, table, event }: Trigger,
  dropped: { readonly table: string; readonly columns: readonly string[] },
  why: string,
): Error {
  return new Error(
    `trigger ${name} (${event.toLowerCase()} on ${table}) needs column ${dropped.columns.join(", ")} of ${dropped.table}: ${why}; drop the trigger before the column, and make it again without it`,
  );
}

export function triggersOf(db: SqliteDatabase): readonly Trigger[] {
  return db
    .prepare("SELECT name, tbl_name, sql FROM main.sqlite_schema WHERE type = 'trigger'")
    .all()
    .flatMap(({ name, tbl_name, sql }) => {
      const tokens = [...lex(String(sql), "sqlite")].filter(isCode);
      const words = tokens.map(({ kind, text }) => (kind === "word" ? text.toUpperCase() : ""));
      const names = tokens.map(({ text }) => plainName(text));
      // The name stands before it, and may be such a word itself.
      const start = words.indexOf("TRIGGER") + (words.includes("EXISTS") ? 4 : 1);
      const behind = tokens[start + 1]?.text === "." ? start + 3 : start + 1;
      const at = words.findIndex((word, i) => i >= behind && /^(INSERT|UPDATE|DELETE)$/.test(word));
      const event = words[at] as Trigger["event"] | undefined;
      if (event === undefined) return [];
      const on = words.indexOf("ON", at);
      const of = names.slice(at + 2, on).filter((text) => text !== ",");
      return [{ name: String(name), table: String(tbl_name), event, of, names }];
    });
}

/** A name in any of the four quotes. */
function plainName(text: string): string {
  const quoted = /^(["'`[])([\s\S]*)(["'`\]])$/.exec(text);
  return quoted === null ? text : quoted[2]!.replaceAll(quoted[3]! + quoted[3], quoted[3]!);
}

/**
 * SQLite's complaint about a statement that would fire it. SQLite compiles it with its triggers and
 * never runs it.
 */
export function complaintOf(db: SqliteDatabase, { table, event, of }: Trigger): string | undefined {
  const sql = () =>
    ({
      INSERT: () => `INSERT INTO main.${quote(table)} DEFAULT VALUES`,
      DELETE: () => `DELETE FROM main.${quote(table)}`,
      UPDATE: () => {
        const column = quote(of[0] ?? firstColumn(db, table));
        return `UPDATE main.${quote(table)} SET ${column} = ${column}`;
      },
    })[event]();
  try {
    db.prepare(sql());
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function firstColumn(db: SqliteDatabase, table: string): string {
  const sql = "SELECT name FROM pragma_table_xinfo(?) WHERE hidden = 0";
  return String(db.prepare(sql).get(table)?.name ?? "");
}

function isThere(db: SqliteDatabase, { name }: Trigger): boolean {
  const sql = "SELECT 1 FROM main.sqlite_schema WHERE type = 'trigger' AND name = ?";
  return db.prepare(sql).get(name) !== undefined;
}
