/** A table as its CREATE TABLE says it: enough to change one part and keep every other letter. */
import { quote } from "../quote.ts";

export type ClauseKind =
  | "primary_key"
  | "not_null"
  | "null"
  | "unique"
  | "check"
  | "default"
  | "collate"
  | "generated"
  | "references"
  | "foreign_key";

/** A constraint of a column or of the table; a default, a collation and so on are constraints in SQLite's grammar. */
export type TableClause = {
  readonly kind: ClauseKind;
  /** The name behind CONSTRAINT. */
  readonly name?: string | undefined;
  /** The rest as it was written. */
  readonly text: string;
  /** The table that a foreign key refers to. */
  readonly target?: string | undefined;
  /** The table's own columns in a key; empty for a clause of a column. */
  readonly columns: readonly string[];
  /** Everything in it that may be the name of a column. */
  readonly names: readonly string[];
};

export type ColumnSql = {
  readonly name: string;
  /** As it was written; empty when there is none. */
  readonly type: string;
  readonly clauses: readonly TableClause[];
};

export type TableSql = {
  readonly columns: readonly ColumnSql[];
  readonly constraints: readonly TableClause[];
  /** The options behind the closing parenthesis: `STRICT, WITHOUT ROWID`. */
  readonly options: string;
};

/** The CREATE TABLE of a table, under `name`. */
export function printTable(name: string, table: TableSql): string {
  const parts = [...table.columns.map(printColumn), ...table.constraints.map(printClause)];
  const options = table.options === "" ? "" : ` ${table.options}`;
  return `CREATE TABLE ${quote(name)} (\n  ${parts.join(",\n  ")}\n)${options}`;
}

/** The table without its foreign keys; with `target`, without those that refer to that table. */
export function withoutForeignKeys(table: TableSql, target?: string): TableSql {
  const kept = (clause: TableClause) => {
    const isKey = clause.kind === "references" || clause.kind === "foreign_key";
    return !isKey || (target !== undefined && !sameName(clause.target ?? "", target));
  };
  return {
    ...table,
    columns: table.columns.map((column) => ({ ...column, clauses: column.clauses.filter(kept) })),
    constraints: table.constraints.filter(kept),
  };
}

/** Whether SQLite takes two names for one: it folds the case of ASCII letters only. */
export function sameName(one: string, other: string): boolean {
  return foldName(one) === foldName(other);
}

/** Whether a name is among others. */
export function hasName(names: readonly string[], name: string): boolean {
  return names.some((other) => sameName(other, name));
}

function foldName(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

function printColumn(column: ColumnSql): string {
  const type = column.type === "" ? [] : [column.type];
  return [quote(column.name), ...type, ...column.clauses.map(printClause)].join(" ");
}

function printClause({ name, text }: TableClause): string {
  return name === undefined ? text : `CONSTRAINT ${quote(name)} ${text}`;
}
