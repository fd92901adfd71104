/** Columns of PostgreSQL whose new type does not take every value of the old one, and the rows that stop it. */
import type { SchemaCatalog, TableColumn } from "../catalog/catalog.ts";
import { lostValues } from "./lost-values.ts";
import { asServerQuotes } from "./server-quotes.ts";

export type Narrower = {
  /** `posts.title`. */
  readonly column: string;
  readonly from: string;
  readonly to: string;
  /** Counts the rows whose value does not fit. */
  readonly query: string;
};

/** Finds columns of both catalogs that become narrower. Rounding a value does not count. */
export function narrowerColumns(from: SchemaCatalog, to: SchemaCatalog): readonly Narrower[] {
  const is = new Map(to.objects.map((object) => [object.id, object]));
  const enums = lostValues(from, to).map(({ column, type, values, path, rows }) => ({
    ...{ column, from: type, to: `${type} without ${values.join(", ")}` },
    query: `SELECT count(*) FROM ${path} WHERE ${rows}`,
  }));
  const narrower = from.objects.flatMap((before) => {
    const after = is.get(before.id);
    if (before.kind !== "table" || after?.kind !== "table") return [];
    const { prefix = "public", name } = after.named;
    const path = `${asServerQuotes(prefix)}.${asServerQuotes(name)}`;
    return after.columns.flatMap((column): readonly Narrower[] => {
      const was = before.columns.find((one) => one.name === column.name);
      const misfit = was === undefined ? undefined : misfitOf(was, column);
      if (was === undefined || misfit === undefined) return [];
      const query = `SELECT count(*) FROM ${path} WHERE ${misfit}`;
      return [{ column: `${name}.${column.name}`, from: was.type, to: column.type, query }];
    });
  });
  return [...narrower, ...enums];
}

const wholes: { readonly [type: string]: readonly [bytes: number, least: string, most: string] } = {
  smallint: [2, "-32768", "32767"],
  integer: [4, "-2147483648", "2147483647"],
  bigint: [8, "-9223372036854775808", "9223372036854775807"],
};

function misfitOf(was: TableColumn, is: TableColumn): string | undefined {
  const name = asServerQuotes(is.name);
  const [before, after] = [wholes[was.type], wholes[is.type]];
  if (before !== undefined && after !== undefined)
    return after[0] < before[0] ? `${name} NOT BETWEEN ${after[1]} AND ${after[2]}` : undefined;
  const [lengthWas, length] = [lengthOf(was.type), lengthOf(is.type)];
  if (lengthWas !== undefined && length !== undefined)
    return length < lengthWas ? `length(${name}) > ${length}` : undefined;
  const [digitsWas, digits] = [digitsOf(was.type), digitsOf(is.type)];
  if (digitsWas !== undefined && digits !== undefined)
    return digits < digitsWas ? `abs(${name}) >= 1e${digits}` : undefined;
  return undefined;
}

/** How many characters it takes. */
function lengthOf(type: string): number | undefined {
  if (type === "text" || type === "character varying") return Number.POSITIVE_INFINITY;
  const [, length] = /^character varying\((\d+)\)$/.exec(type) ?? [];
  return length === undefined ? undefined : Number(length);
}

/** How many digits stand before the point. */
function digitsOf(type: string): number | undefined {
  if (type === "numeric") return Number.POSITIVE_INFINITY;
  const [, precision, scale] = /^numeric\((\d+),(-?\d+)\)$/.exec(type) ?? [];
  return precision === undefined ? undefined : Number(precision) - Number(scale);
}
