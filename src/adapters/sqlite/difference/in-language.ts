/** Objects of a catalog in the language's words, where those say all of them. */
import type { WrittenObject } from "../../../core/catalog/catalog.ts";
import { foreignKeyName, uniqueName } from "../../../core/language/names.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import type {
  Column,
  Constraint,
  DefaultValue,
  ForeignKey,
  IndexColumn,
} from "../../../core/language/table-parts.ts";
import type { Token } from "../../../core/sql/token.ts";
import { sqliteDialect } from "../dialect.ts";
import { Cursor, unquote } from "../table-sql/cursor.ts";
import { parseTable } from "../table-sql/parse-table.ts";
import { type ColumnSql, sameName, type TableClause } from "../table-sql/table-sql.ts";
import { settledSql, settledTable } from "./settled.ts";

/** The operation of the language that makes the object, if its SQL gives the same. */
export function saidByLanguage(object: WrittenObject): SchemaOperation | undefined {
  try {
    const op = said(object);
    if (op === undefined) return undefined;
    const [statement, more] = sqliteDialect.compile(op);
    if (statement === undefined || more !== undefined) return undefined;
    const settle = object.of === "table" ? settledTable : settledSql;
    return settle(statement.sql) === settle(object.definition) ? op : undefined;
  } catch {
    // An object that the language cannot read or spell keeps its SQL.
    return undefined;
  }
}

function said(object: WrittenObject): SchemaOperation | undefined {
  switch (object.of) {
    case "table":
      return table(object);
    case "index":
      return index(object);
    case "view":
      return view(object);
    default:
      return undefined;
  }
}

function table({ table: named, definition }: WrittenObject): SchemaOperation {
  const sql = parseTable(definition);
  const key = sql.constraints.find(({ kind }) => kind === "primary_key");
  const own = sql.columns.map(({ name }) => name);
  const parts = own.filter((name) => key?.columns.some((one) => sameName(one, name)));
  const isPlain = key !== undefined && parts.join("\n") === key.columns.join("\n");
  const references = sql.constraints.filter(
    ({ kind, columns }) => kind === "foreign_key" && columns.length === 1,
  );
  const columns = sql.columns.map((column) => {
    const found = references.find((one) => sameName(one.columns[0] ?? "", column.name));
    const said = columnOf(named.name, column);
    if (found !== undefined && said.generated !== undefined) throw new Error(noReference);
    return {
      ...said,
      ...(isPlain && parts.includes(column.name) ? { primaryKey: true } : {}),
      ...(found === undefined ? {} : { references: foreignKey(named.name, column.name, found) }),
    };
  });
  const constraints = [
    ...sql.columns.flatMap(({ name, clauses }) =>
      clauses.flatMap((clause) => constraintOf(named.name, { ...clause, columns: [name] })),
    ),
    ...sql.constraints.flatMap((clause) => {
      if (clause === key && isPlain) return [];
      return references.includes(clause) ? [] : constraintOf(named.name, clause);
    }),
  ];
  const options = sql.options === "" ? {} : { options: sql.options };
  return { kind: "create_table", table: named, definition: { columns, constraints, ...options } };
}

/**
 * A column with all of its clauses, except those that are constraints of the table in the language.
 */
export function columnOf(table: string, { name, type, clauses }: ColumnSql): Column {
  const of = (kind: TableClause["kind"]) => clauses.find((clause) => clause.kind === kind);
  const [key, given, generated] = [of("primary_key"), of("default"), of("generated")];
  const [collate, references] = [of("collate"), of("references")];
  if (generated !== undefined && references !== undefined) throw new Error(noReference);
  const counts = /AUTOINCREMENT/i.test(key?.text ?? "");
  return {
    name,
    type: counts && type.toUpperCase() === "INTEGER" ? "bigserial" : typeOf(type),
    ...(key === undefined ? {} : { primaryKey: true }),
    ...(of("not_null") === undefined ? {} : { null: false }),
    ...(given === undefined ? {} : { default: defaultOf(given.text) }),
    ...(collate === undefined ? {} : { collation: unquote(collate.text.split(/\s+/)[1] ?? "") }),
    ...(generated === undefined
      ? {}
      : { generated: generated.text.replace(/^(GENERATED\s+ALWAYS\s+)?AS\b/i, "ALWAYS AS") }),
    ...(references === undefined ? {} : { references: foreignKey(table, name, references) }),
  };
}

const noReference = "a generated column of the language refers to nothing";

const types: { readonly [type: string]: string } = {
  ...{ INTEGER: "integer", TEXT: "text", BLOB: "binary", REAL: "float" },
};

/** In capitals it is the database's own, and not one of the language's. */
export function typeOf(type: string): string {
  if (type === "") throw new Error("a column of the language has a type");
  const name = type.toUpperCase();
  return types[name] ?? name;
}

export function defaultOf(clause: string): DefaultValue {
  const text = clause.replace(/^DEFAULT\s*/i, "");
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'");
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  if (/^null$/i.test(text)) return null;
  return { kind: "fragment", sql: text.startsWith("(") ? text.slice(1, -1) : text };
}

function foreignKey(
  table: string,
  column: string,
  { name, text, target = "" }: TableClause,
): ForeignKey {
  const cursor = new Cursor(text);
  while (!cursor.accept("REFERENCES")) cursor.take();
  cursor.name();
  const [referred] = cursor.parentheses();
  const given = name ?? foreignKeyName(table, [column], sqliteDialect.identifierLimit);
  return {
    ...{ name: given, table: { name: target }, column: unquote(referred?.text ?? "") },
    ...actions(text),
  };
}

function actions(text: string): Pick<ForeignKey, "onDelete" | "onUpdate" | "deferrable"> {
  const settled = settledSql(text);
  const action = (on: string) =>
    new RegExp(` ON ${on} (CASCADE|RESTRICT|SET NULL|SET DEFAULT)`)
      .exec(settled)?.[1]
      ?.toLowerCase() as "cascade" | undefined;
  const [onDelete, onUpdate] = [action("DELETE"), action("UPDATE")];
  const deferrable = / DEFERRABLE INITIALLY (IMMEDIATE|DEFERRED)/.exec(settled)?.[1]?.toLowerCase();
  return {
    ...(onDelete === undefined ? {} : { onDelete }),
    ...(onUpdate === undefined ? {} : { onUpdate }),
    ...(deferrable === undefined
      ? {}
      : { deferrable: `initially ${deferrable}` as "initially deferred" }),
  };
}

function constraintOf(table: string, clause: TableClause): readonly Constraint[] {
  const { kind, name, columns, text, target = "" } = clause;
  const limit = sqliteDialect.identifierLimit;
  switch (kind) {
    case "check": {
      if (name === undefined) throw new Error("a check without a name has none to be given");
      const open = text.indexOf("(");
      return [{ kind, name, expression: text.slice(open + 1, text.lastIndexOf(")")) }];
    }
    case "unique":
      return [{ kind, name: name ?? uniqueName(table, columns, limit), columns }];
    case "primary_key":
      // The language has a primary key of one column at the column.
      return /^PRIMARY\s+KEY\s*\(/i.test(text)
        ? [{ kind, name: name ?? `${table}_pkey`, columns }]
        : [];
    case "foreign_key": {
      const referred = /REFERENCES\s[^(]*\(([^)]*)\)/i.exec(text)?.[1] ?? "";
      const others = referred.split(",").map((one) => unquote(one.trim()));
      return [
        {
          ...{ kind, name: name ?? foreignKeyName(table, columns, limit), columns },
          ...{ references: { table: { name: target }, columns: others } },
          ...actions(text),
        },
      ];
    }
    default:
      return [];
  }
}

function index({ table: named, definition }: WrittenObject): SchemaOperation {
  const cursor = new Cursor(definition);
  cursor.expect("CREATE");
  const unique = cursor.accept("UNIQUE");
  cursor.expect("INDEX");
  const name = cursor.name();
  cursor.expect("ON");
  cursor.name();
  const columns = split(cursor.parentheses()).map((tokens) => part(definition, tokens));
  const where = cursor.accept("WHERE") ? definition.slice(cursor.peek()?.start) : undefined;
  return {
    kind: "create_index",
    index: {
      ...{ name, table: named, columns },
      ...(unique ? { unique } : {}),
      ...(where === undefined ? {} : { where }),
    },
  };
}

function split(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const parts: Token[][] = [[]];
  let depth = 0;
  for (const token of tokens) {
    depth += token.text === "(" ? 1 : token.text === ")" ? -1 : 0;
    if (depth === 0 && token.text === ",") parts.push([]);
    else parts.at(-1)!.push(token);
  }
  return parts;
}

function part(sql: string, tokens: readonly Token[]): IndexColumn {
  const last = tokens.at(-1);
  const way = /^(asc|desc)$/i.exec(last?.text ?? "")?.[1]?.toLowerCase() as "asc" | undefined;
  const rest = way === undefined ? tokens : tokens.slice(0, -1);
  const order = way === undefined ? {} : { order: way };
  const [first, second] = rest;
  if (first === undefined) throw new Error("a part of an index is empty");
  if (second === undefined) return { column: unquote(first.text), ...order };
  const end = rest.at(-1)!;
  return { expression: sql.slice(first.start, end.start + end.text.length), ...order };
}

function view({ table: named, definition }: WrittenObject): SchemaOperation {
  const cursor = new Cursor(definition);
  cursor.expect("CREATE");
  cursor.expect("VIEW");
  cursor.name();
  const columns = cursor.is("(")
    ? split(cursor.parentheses()).map((tokens) => unquote(tokens[0]?.text ?? ""))
    : undefined;
  cursor.expect("AS");
  const as = definition.slice(cursor.peek()?.start);
  return {
    ...{ kind: "create_view", view: named },
    definition: { as, ...(columns === undefined ? {} : { columns }) },
  };
}
