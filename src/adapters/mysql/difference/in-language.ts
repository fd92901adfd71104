/** Parts of a table in the language's words, where those say all of them. */
import type { SchemaOperation } from "../../../core/language/operation.ts";
import type {
  Column,
  Constraint,
  DefaultValue,
  ReferentialAction,
} from "../../../core/language/table-parts.ts";
import { readColumn } from "../procedures/column-text.ts";
import { quote } from "../sql-text.ts";
import { columnsOf, referredIn, type TableText } from "./table-text.ts";

/** A column; `undefined` where the language has no word for a part of it. */
export function columnOf(name: string, line: string): Column | undefined {
  const [type = "", ...clauses] = clausesOf(name, line);
  const counted = serials[type];
  if (clauses.includes("AUTO_INCREMENT"))
    return counted !== undefined && clauses.join(" ") === "NOT NULL AUTO_INCREMENT"
      ? { name, type: counted }
      : undefined;
  let column: Column = { name, type: /^(float|datetime)$/.test(type) ? type.toUpperCase() : type };
  const words = clauses.join(" ");
  const nullable = !clauses.includes("NOT NULL");
  if (nullable && !/\bDEFAULT\b|^GENERATED/.test(words) && /^timestamp/.test(type))
    return undefined;
  for (const [i, clause] of clauses.entries()) {
    const part = partOf(clause, clauses[i + 1]);
    if (part === undefined) return undefined;
    column = { ...column, ...part };
  }
  return column;
}

const serials: { readonly [type: string]: string } = {
  ...{ "bigint(20) unsigned": "bigserial", "bigint unsigned": "bigserial" },
  ...{ "int(11)": "serial", int: "serial" },
};

/** `varchar` of `varchar(20)`: an index of one type can also take another of its family. */
export function familyOf(name: string, line: string | undefined): string {
  return /^\w*/.exec(clausesOf(name, line ?? "")[0] ?? "")?.[0] ?? "";
}

export function clausesOf(name: string, line: string): readonly string[] {
  return readColumn(`CREATE TABLE x (\n${line}\n)`, name) ?? [];
}

function partOf(clause: string, next = ""): Partial<Column> | undefined {
  if (clause === "NOT NULL") return { null: false };
  if (clause === "DEFAULT NULL") return {};
  if (/^CHARACTER SET \w+$/.test(clause)) return next.startsWith("COLLATE ") ? {} : undefined;
  const [, collation] = /^COLLATE (\w+)$/.exec(clause) ?? [];
  if (collation !== undefined) return { collation };
  if (clause.startsWith("DEFAULT ")) return { default: defaultOf(clause.slice("DEFAULT ".length)) };
  const [, comment] = /^COMMENT '((?:[^'\\]|'')*)'$/.exec(clause) ?? [];
  if (comment !== undefined) return { comment: comment.replaceAll("''", "'") };
  const [, generated] = /^GENERATED (ALWAYS AS .* (?:STORED|VIRTUAL))$/.exec(clause) ?? [];
  return generated === undefined ? undefined : { generated };
}

function defaultOf(text: string): DefaultValue {
  const [, string] = /^'((?:[^'\\]|'')*)'$/.exec(text) ?? [];
  if (string !== undefined) return string.replaceAll("''", "'");
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  const inner = /^\((.*)\)$/.exec(text)?.[1];
  return { kind: "fragment", sql: inner ?? text };
}

/** CREATE TABLE with its keys, but without its foreign keys. */
export function tableOf(name: string, text: TableText): readonly SchemaOperation[] | undefined {
  if (text.rest.length > 0) return undefined;
  const key = text.keys.get("PRIMARY");
  const keyed = key === undefined ? [] : columnsOf(key);
  const columns = [...text.columns].map(([column, line]) => columnOf(column, line));
  const own = [...text.columns.keys()].filter((column) => keyed.includes(column));
  if (key !== undefined && !/^PRIMARY KEY \([^()]*\)$/.test(key)) return undefined;
  if (own.join("\n") !== keyed.join("\n")) return undefined;
  const constraints: Constraint[] = [];
  for (const [check, line] of text.checks) constraints.push(checkOf(check, line));
  const indexes: SchemaOperation[] = [];
  for (const [index, line] of text.keys) {
    if (index === "PRIMARY") continue;
    const made = indexOf(name, index, line);
    if (made === undefined) return undefined;
    indexes.push({ kind: "create_index", index: made });
  }
  const [, engine = "", options = ""] = /^ENGINE=(\w+) ?(.*)$/.exec(text.options) ?? [];
  if (columns.some((column) => column === undefined) || engine === "") return undefined;
  return [
    {
      ...{ kind: "create_table", table: { name } },
      definition: {
        columns: columns.map((column) => ({
          ...column!,
          ...(keyed.includes(column!.name) ? { primaryKey: true } : {}),
        })),
        constraints,
        ...(options === "" ? {} : { options }),
        ...(engine === "InnoDB" ? {} : { engine }),
      },
    },
    ...indexes,
  ];
}

function checkOf(name: string, line: string): Constraint {
  const open = line.indexOf("CHECK (") + "CHECK (".length;
  return { kind: "check", name, expression: line.slice(open, line.lastIndexOf(")")) };
}

/** An index of whole columns. */
export function indexOf(table: string, name: string, line: string) {
  const [, unique, columns] =
    /^(UNIQUE )?KEY `(?:[^`]|``)*` \(((?:`(?:[^`]|``)*`,?)+)\)$/.exec(line) ?? [];
  if (columns === undefined) return undefined;
  return {
    ...{ name, table: { name: table }, columns: columnsOf(line).map((column) => ({ column })) },
    ...(unique === undefined ? {} : { unique: true }),
  };
}

export function foreignKeyOf(
  table: string,
  name: string,
  line: string,
): Extract<SchemaOperation, { kind: "create_constraint" }> | undefined {
  const columns = columnsOf(line);
  const { table: target, columns: others } = referredIn(line);
  const action = (on: string) =>
    new RegExp(` ON ${on} (CASCADE|SET NULL|RESTRICT)`).exec(line)?.[1]?.toLowerCase() as
      | ReferentialAction
      | undefined;
  const [onDelete, onUpdate] = [action("DELETE"), action("UPDATE")];
  const list = (names: readonly string[]) => names.map(quote).join(", ");
  const on = [
    ...(onDelete === undefined ? [] : [` ON DELETE ${String(onDelete).toUpperCase()}`]),
    ...(onUpdate === undefined ? [] : [` ON UPDATE ${String(onUpdate).toUpperCase()}`]),
  ].join("");
  const again = `CONSTRAINT ${quote(name)} FOREIGN KEY (${list(columns)}) REFERENCES ${quote(target)} (${list(others)})${on}`;
  if (again !== line) return undefined;
  return {
    ...{ kind: "create_constraint", table: { name: table } },
    constraint: {
      ...{ kind: "foreign_key", name, columns },
      references: { table: { name: target }, columns: others },
      ...(onDelete === undefined ? {} : { onDelete }),
      ...(onUpdate === undefined ? {} : { onUpdate }),
    },
  };
}
