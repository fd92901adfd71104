/** Reads the CREATE TABLE that SQLite keeps in its catalog. https://www.sqlite.org/lang_createtable.html */
import { Cursor } from "./cursor.ts";
import {
  parseClause,
  parseDeferral,
  startsColumnClause,
  startsTableClause,
} from "./parse-clause.ts";
import type { ColumnSql, TableClause, TableSql } from "./table-sql.ts";

/** Throws for any but an ordinary table: the text of a virtual table lists no columns. */
export function parseTable(sql: string): TableSql {
  const cursor = new Cursor(sql);
  cursor.expect("CREATE");
  cursor.expect("TABLE");
  cursor.name();
  cursor.expect("(");
  const columns: ColumnSql[] = [];
  const constraints: TableClause[] = [];
  while (!cursor.is(")")) {
    if (startsTableClause(cursor)) constraints.push(...parseClause(cursor));
    else columns.push(parseColumn(cursor));
    // Between two constraints SQLite takes the comma as optional.
    if (!cursor.is(")") && !startsTableClause(cursor)) cursor.expect(",");
  }
  const { start } = cursor.take();
  return { columns, constraints, options: sql.slice(start + 1).trim() };
}

/** Reads one column as `columnDefinition` writes it. */
export function parseColumnSql(sql: string): ColumnSql {
  return parseColumn(new Cursor(sql));
}

/** Reads one table constraint as `tableConstraint` writes it. */
export function parseConstraintSql(sql: string): readonly TableClause[] {
  return parseClause(new Cursor(sql));
}

function parseColumn(cursor: Cursor): ColumnSql {
  const name = cursor.name();
  const type = parseType(cursor);
  const clauses: TableClause[] = [];
  for (;;) {
    if (startsColumnClause(cursor)) clauses.push(...parseClause(cursor));
    else if (!deferLastKey(cursor, clauses)) return { name, type, clauses };
  }
}

/** DEFERRABLE may stand apart from the foreign key that it is about, behind NOT NULL for example. */
function deferLastKey(cursor: Cursor, clauses: TableClause[]): boolean {
  const text = parseDeferral(cursor);
  if (text === "") return false;
  const at = clauses.findLastIndex(({ kind }) => kind === "references");
  const key = clauses[at];
  if (key === undefined) throw new Error(`${text} belongs to no foreign key: ${cursor.text}`);
  clauses[at] = { ...key, text: `${key.text} ${text}` };
  return true;
}

function parseType(cursor: Cursor): string {
  const { start = cursor.text.length } = cursor.peek() ?? {};
  const ends = () => ["NOT", "DEFERRABLE"].includes(cursor.word()) || startsColumnClause(cursor);
  const isPart = () => ["word", "name", "string"].includes(cursor.peek()?.kind ?? "");
  let typed = false;
  for (; isPart() && !ends(); typed = true) cursor.take();
  if (typed && cursor.is("(")) cursor.parentheses();
  return typed ? cursor.since(start) : "";
}
