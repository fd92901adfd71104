/** Reads one constraint of a column or a table. https://www.sqlite.org/syntax/column-constraint.html */
import { type Token, wordOf } from "../../../core/sql/token.ts";
import { type Cursor, unquote } from "./cursor.ts";
import type { ClauseKind, TableClause } from "./table-sql.ts";

/** Whether a constraint of a column starts here. */
export function startsColumnClause(cursor: Cursor): boolean {
  if (cursor.word() === "GENERATED") return cursor.word(1) === "ALWAYS";
  if (cursor.word() === "NOT") return cursor.word(1) === "NULL";
  return columnKeywords.has(cursor.word());
}

/** Whether a constraint of the table starts here. */
export function startsTableClause(cursor: Cursor): boolean {
  return tableKeywords.has(cursor.word());
}

const columnKeywords = new Set([
  "AS",
  "CHECK",
  "COLLATE",
  "CONSTRAINT",
  "DEFAULT",
  "NOT",
  "NULL",
  "PRIMARY",
  "REFERENCES",
  "UNIQUE",
]);
const tableKeywords = new Set(["CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"]);

/** Reads a constraint with its name. A name that nothing follows, which SQLite permits, is dropped. */
export function parseClause(cursor: Cursor): readonly TableClause[] {
  const name = cursor.accept("CONSTRAINT") ? cursor.name() : undefined;
  const { start = cursor.text.length } = cursor.peek() ?? {};
  const body = clauseBody(cursor);
  if (body === undefined) {
    if (name !== undefined) return [];
    throw new Error(`the table's SQL cannot be read at ${start} of ${cursor.text}`);
  }
  const names = namesIn(cursor.tokensSince(start));
  return [{ ...body, name, text: cursor.since(start), names }];
}

/** Reads `[NOT] DEFERRABLE [INITIALLY …]`; empty when it does not stand here. */
export function parseDeferral(cursor: Cursor): string {
  const { start = cursor.text.length } = cursor.peek() ?? {};
  if (!cursor.accept("NOT", "DEFERRABLE") && !cursor.accept("DEFERRABLE")) return "";
  if (cursor.accept("INITIALLY")) cursor.take();
  return cursor.since(start);
}

type Body = Pick<TableClause, "kind" | "columns" | "target">;

function clauseBody(cursor: Cursor): Body | undefined {
  if (cursor.accept("PRIMARY", "KEY")) return primaryKey(cursor);
  if (cursor.accept("NOT", "NULL")) return withConflict(cursor, "not_null");
  if (cursor.accept("NULL")) return withConflict(cursor, "null");
  if (cursor.accept("UNIQUE")) {
    const columns = cursor.is("(") ? firstNames(cursor.parentheses()) : [];
    return withConflict(cursor, "unique", columns);
  }
  if (cursor.accept("CHECK")) {
    cursor.parentheses();
    return withConflict(cursor, "check");
  }
  if (cursor.accept("DEFAULT")) return defaultClause(cursor);
  if (cursor.accept("COLLATE")) {
    cursor.take();
    return plainBody("collate");
  }
  if (cursor.accept("REFERENCES")) return foreignKey(cursor, "references", []);
  if (cursor.accept("FOREIGN", "KEY")) {
    const columns = firstNames(cursor.parentheses());
    cursor.expect("REFERENCES");
    return foreignKey(cursor, "foreign_key", columns);
  }
  if (cursor.accept("GENERATED", "ALWAYS", "AS") || cursor.accept("AS")) return generated(cursor);
  return undefined;
}

function plainBody(kind: ClauseKind, columns: readonly string[] = []): Body {
  return { kind, columns };
}

function withConflict(cursor: Cursor, kind: ClauseKind, columns: readonly string[] = []): Body {
  if (cursor.accept("ON", "CONFLICT")) cursor.take();
  return plainBody(kind, columns);
}

function primaryKey(cursor: Cursor): Body {
  const columns = cursor.is("(") ? firstNames(cursor.parentheses()) : [];
  if (!cursor.accept("ASC")) cursor.accept("DESC");
  const body = withConflict(cursor, "primary_key", columns);
  cursor.accept("AUTOINCREMENT");
  return body;
}

function defaultClause(cursor: Cursor): Body {
  if (cursor.is("(")) cursor.parentheses();
  else {
    if (cursor.is("+") || cursor.is("-")) cursor.take();
    cursor.take();
  }
  return plainBody("default");
}

function generated(cursor: Cursor): Body {
  cursor.parentheses();
  if (!cursor.accept("STORED")) cursor.accept("VIRTUAL");
  return plainBody("generated");
}

function foreignKey(cursor: Cursor, kind: ClauseKind, columns: readonly string[]): Body {
  const target = cursor.name();
  if (cursor.is("(")) cursor.parentheses();
  while (foreignKeyOption(cursor));
  return { kind, columns, target };
}

function foreignKeyOption(cursor: Cursor): boolean {
  if (cursor.accept("ON")) {
    cursor.take();
    // SET NULL, SET DEFAULT and NO ACTION are two words, the other actions one.
    if (!cursor.accept("SET")) cursor.accept("NO");
    return cursor.take() !== undefined;
  }
  if (cursor.accept("MATCH")) return cursor.take() !== undefined;
  return parseDeferral(cursor) !== "";
}

/** The columns of a key: the first name of each part, before its collation and order. */
function firstNames(tokens: readonly Token[]): readonly string[] {
  const starts = tokens.filter((_, i) => i === 0 || tokens[i - 1]?.text === ",");
  return starts.map((token) => unquote(token.text));
}

/** Words that stand for functions, types and collations are no columns. */
function namesIn(tokens: readonly Token[]): readonly string[] {
  const isName = ({ kind }: Token, i: number) =>
    (kind === "word" || kind === "name") &&
    tokens[i + 1]?.text !== "(" &&
    !["AS", "COLLATE"].includes(wordOf(tokens[i - 1]));
  return tokens.filter(isName).map(({ text }) => unquote(text));
}
