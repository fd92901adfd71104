/** The SQL of an object in one spelling, so that two that mean the same are the same text. */
import { lex } from "../../../core/sql/lexer.ts";
import { isCode, type Token } from "../../../core/sql/token.ts";
import { unquote } from "../table-sql/cursor.ts";
import { parseTable } from "../table-sql/parse-table.ts";
import type { ColumnSql, TableClause, TableSql } from "../table-sql/table-sql.ts";
import { isKeyword } from "./keywords.ts";

/** Without comments, with one space where one is needed, and with quotes only where they say something. */
export function settledSql(sql: string): string {
  return joined([...lex(sql, "sqlite")].filter(isCode));
}

/**
 * One column or constraint on each line, in a fixed order. Only checks keep a name, because errors
 * show it.
 */
export function settledTable(sql: string): string {
  if (isVirtual(sql)) return settledSql(sql);
  return tableLines(parseTable(sql)).join("\n");
}

export function isVirtual(sql: string): boolean {
  return /^CREATE\s+VIRTUAL\b/i.test(sql);
}

/** A table has neither a name here nor an order of its columns. */
export function tableLines({ columns, constraints, options }: TableSql): readonly string[] {
  const own = columns.map((column) => {
    const clauses = column.clauses
      .filter((clause) => clause.kind !== "null" && hoisted(column, clause) === undefined)
      .map(clauseText);
    const parts = [
      settledName(column.name),
      settledSql(column.type).toUpperCase(),
      ...clauses.sort(),
    ];
    return parts.filter((part) => part !== "").join(" ");
  });
  const moved = columns.flatMap((column) =>
    column.clauses.flatMap((clause) => hoisted(column, clause) ?? []),
  );
  const said = settledSql(options)
    .toUpperCase()
    .split(",")
    .map((one) => one.trim())
    .filter((one) => one !== "");
  return [...own.sort(), ...[...constraints.map(clauseText), ...moved].sort(), ...said.sort()];
}

/** The same clause behind the columns. AUTOINCREMENT and DESC can stand only at the column. */
function hoisted({ name }: ColumnSql, clause: TableClause): string | undefined {
  const text = clauseText(clause);
  const column = settledName(name);
  switch (clause.kind) {
    case "primary_key":
      return text === "PRIMARY KEY" ? `PRIMARY KEY (${column})` : undefined;
    case "unique":
      return text.replace("UNIQUE", `UNIQUE (${column})`);
    case "references":
      return `FOREIGN KEY (${column}) ${text}`;
    case "check":
      return text;
    default:
      return undefined;
  }
}

function clauseText({ kind, name, text }: TableClause): string {
  const settled = settledSql(text);
  switch (kind) {
    case "check":
      return name === undefined ? settled : `CONSTRAINT ${settledName(name)} ${settled}`;
    case "default":
      return settled.replace(/^DEFAULT \(((?:'(?:[^']|'')*'|[^\s()'"]+))\)$/, "DEFAULT $1");
    case "generated":
      return settled.replace(/^AS\b/, "GENERATED ALWAYS AS").replace(/ VIRTUAL$/, "");
    case "references":
    case "foreign_key":
      return settled
        .replace(/ ON (DELETE|UPDATE) NO ACTION/g, "")
        .replace(/ NOT DEFERRABLE( INITIALLY (IMMEDIATE|DEFERRED))?$/, "");
    default:
      return settled;
  }
}

export function settledName(name: string): string {
  return tokenText({ kind: "name", text: `"${name.replaceAll('"', '""')}"`, start: 0 });
}

/** Words that are values where they stand bare. */
const values = /^(null|true|false|current_\w+)$/i;

function tokenText(token: Token): string {
  const isQuoted = token.kind === "name" && /^["`[]/.test(token.text);
  if (token.kind !== "word" && !isQuoted) return token.text;
  const name = isQuoted ? unquote(token.text) : token.text;
  const isPlain = /^[a-z_][\w$]*$/i.test(name) && !(isQuoted && values.test(name));
  if (!isPlain) return `"${name.replaceAll('"', '""')}"`;
  return isKeyword(name) ? name.toUpperCase() : name;
}

function joined(tokens: readonly Token[]): string {
  let text = "";
  for (const [i, token] of tokens.entries()) {
    const previous = tokens[i - 1];
    const own = tokenText(token);
    const isTight =
      previous === undefined ||
      ["(", "."].includes(previous.text) ||
      [")", ",", ".", ";"].includes(token.text);
    text += isTight ? own : ` ${own}`;
  }
  return text;
}
