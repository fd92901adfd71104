/** New values of many rows as few statements. Pure. */
import type { RowChange } from "../../core/backfill/definition.ts";
import type { Dialect } from "../../core/dialect.ts";
import { isFragment } from "../../core/schema/operation.ts";
import type { KeyText } from "../key.ts";
import type { ColumnFacts } from "../table-facts.ts";
import type { Target } from "../target.ts";

export type WriteBack = {
  readonly columns: readonly ColumnFacts[];
  readonly changes: readonly { readonly key: KeyText; readonly change: RowChange }[];
};

export function writeBackSql(dialect: Dialect, target: Target, work: WriteBack): readonly string[] {
  const { columns, changes } = work;
  if (
    dialect.name === "postgres" &&
    !changes.some(({ change }) => Object.values(change).some(isFragment))
  )
    return [unnested(dialect, target, work)];
  return changes.map(({ key, change }) => {
    const set = columns.map(
      ({ name }) => `${dialect.quote(name)} = ${dialect.literal(change[name])}`,
    );
    return `UPDATE ${dialect.quoteNamed(target.backfill.table)} SET ${set.join(", ")} WHERE ${target.key.equals(key)}`;
  });
}

/** One array of text a column: the server reads each value as it reads its text. */
function unnested(
  dialect: Dialect,
  { backfill, key }: Target,
  { columns, changes }: WriteBack,
): string {
  const table = dialect.quoteNamed(backfill.table);
  const parts = [
    ...key.columns.map(({ type }, i) => ({
      name: key.alias(i),
      type,
      values: changes.map((one) => one.key[i] ?? null),
    })),
    ...columns.map(({ name, type }, i) => ({
      name: dialect.quote(`slipway_v${i}`),
      type,
      values: changes.map(({ change }) => textOf(change[name], type)),
    })),
  ];
  const arrays = parts.map(
    ({ values, type }) => `${arrayLiteral(dialect, values)}::${looseType(type)}[]`,
  );
  const set = columns.map(
    ({ name, type }, i) =>
      `${dialect.quote(name)} = slipway_fresh.${dialect.quote(`slipway_v${i}`)}${isArray(type) ? `::${type}` : ""}`,
  );
  const same = key.columns.map(
    (_, i) => `${table}.${key.column(i)} = slipway_fresh.${key.alias(i)}`,
  );
  return `UPDATE ${table} SET ${set.join(", ")} FROM unnest(${arrays.join(", ")}) AS slipway_fresh(${parts.map(({ name }) => name).join(", ")}) WHERE ${same.join(" AND ")}`;
}

/** Without a length: a cast would cut what an assignment refuses. An array of arrays would come out flat. */
function looseType(type: string): string {
  if (isArray(type) || type.startsWith("character")) return "text";
  return type.replace(/\(\d+(,-?\d+)?\)/, "").replace(/^bit$/, "bit varying");
}

function isArray(type: string): boolean {
  return type.endsWith("[]");
}

/** A value as the text that its type reads. Lists are arrays of PostgreSQL's unless the column is JSON. */
function textOf(value: unknown, type = ""): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value !== "string" && type.startsWith("json")) return JSON.stringify(value);
  if (typeof value === "string") return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString("hex")}`;
  if (Array.isArray(value)) return `{${value.map(element).join(",")}}`;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

function arrayLiteral(dialect: Dialect, values: readonly (string | null)[]): string {
  return dialect.literal(`{${values.map(quotedElement).join(",")}}`);
}

function element(value: unknown): string {
  return Array.isArray(value) ? `{${value.map(element).join(",")}}` : quotedElement(textOf(value));
}

/** https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO */
function quotedElement(text: string | null): string {
  return text === null ? "NULL" : `"${text.replaceAll(/[\\"]/g, "\\$&")}"`;
}
