/** Columns of a catalog in the language's words. */
import type {
  SequenceObject,
  SequenceShape,
  TableColumn,
  TableObject,
} from "../catalog/catalog.ts";
import type { Column, DefaultValue } from "../language/table-parts.ts";

/** A column but for its comment and the parts that the language has no word for. */
export function columnOf(column: TableColumn): Column {
  const { name, generated, identity, notNull } = column;
  const clause =
    generated === undefined
      ? identity &&
        `${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY${identityOptions(column)}`
      : `ALWAYS AS (${generated.expression}) ${generated.kept.toUpperCase()}`;
  return {
    name,
    ...typeOf(column),
    ...(column.default === undefined ? {} : { default: defaultOf(column) }),
    ...(clause === undefined ? {} : { generated: clause }),
    ...(notNull === undefined ? {} : { null: false }),
  };
}

/** A collation that everybody finds is one by its name; another stands with its schema behind the type. */
function typeOf({ type, collation }: TableColumn): Pick<Column, "type" | "collation"> {
  if (collation === undefined) return { type };
  const [, name] = /^pg_catalog\.(?:"((?:[^"]|"")+)"|\w+)$/.exec(collation) ?? [];
  return name === undefined
    ? { type: `${type} COLLATE ${collation}` }
    : { type, collation: name.replaceAll('""', '"') };
}

/** The type with its collation, as ALTER COLUMN takes both. */
export function wholeType({ type, collation }: TableColumn): string {
  return collation === undefined ? type : `${type} COLLATE ${collation}`;
}

/** A literal where that gives the same in the catalog, else the expression. */
export function defaultOf({ type, default: given }: TableColumn): DefaultValue {
  const expression = given?.expression ?? "";
  const [, string, cast] = /^'((?:[^'\\]|'')*)'::(text|character varying)$/.exec(expression) ?? [];
  if (string !== undefined && cast === type.replace(/\(.*$/, ""))
    return string.replaceAll("''", "'");
  if (/^\d{1,15}$/.test(expression) && /^(smallint|integer|bigint)$/.test(type))
    return Number(expression);
  if (type === "boolean" && /^(true|false)$/.test(expression)) return expression === "true";
  return { kind: "fragment", sql: expression };
}

const most: { readonly [type: string]: string } = {
  smallint: "32767",
  integer: "2147483647",
  bigint: "9223372036854775807",
};

/**
 * The sequence after the type of its column changes: the server lets it count as far as the new
 * type goes.
 */
export function recounted(shape: SequenceShape, from: string, to: string): SequenceShape {
  const max = most[to];
  return shape.max === most[from] && max !== undefined ? { ...shape, max } : shape;
}

/** Whether it counts like a sequence without any options. */
export function isPlainCount(shape: SequenceShape, type: string): boolean {
  const { start, increment, min, max, cache, cycle, persistence } = shape;
  return (
    [start, increment, min, cache].every((number) => number === "1") &&
    max === most[type] &&
    !cycle &&
    persistence === "permanent"
  );
}

/** The name that the server gives to the sequence of a column. */
export function isOwnSequence(
  table: TableObject,
  { name }: TableColumn,
  { named }: SequenceShape,
): boolean {
  return named.prefix === table.named.prefix && named.name === `${table.named.name}_${name}_seq`;
}

function identityOptions(column: TableColumn): string {
  const shape = column.identity?.sequence;
  if (shape === undefined || isPlainCount(shape, column.type)) return "";
  const { start, increment, min, max, cache, cycle } = shape;
  return ` (START WITH ${start} INCREMENT BY ${increment} MINVALUE ${min} MAXVALUE ${max} CACHE ${cache}${cycle ? " CYCLE" : ""})`;
}

const serials: { readonly [type: string]: string } = {
  smallint: "smallserial",
  integer: "serial",
  bigint: "bigserial",
};

/** The word for a column with a separate sequence, where the word says everything about both. */
export function serialOf(
  table: TableObject,
  column: TableColumn,
  sequences: ReadonlyMap<string, SequenceObject>,
): { readonly type: string; readonly sequence: string } | undefined {
  const [, path] = /^nextval\('([\w.]+)'::regclass\)$/.exec(column.default?.expression ?? "") ?? [];
  const sequence = sequences.get(`sequence ${path}`);
  const type = serials[column.type];
  if (sequence === undefined || type === undefined || column.notNull === undefined)
    return undefined;
  const { ownedBy } = sequence;
  const isIts =
    ownedBy?.column === column.name &&
    ownedBy.table.name === table.named.name &&
    ownedBy.table.prefix === table.named.prefix;
  const saysAll = sequence.comment === undefined && sequence.type === column.type;
  return isIts &&
    saysAll &&
    isOwnSequence(table, column, sequence) &&
    isPlainCount(sequence, sequence.type)
    ? { type, sequence: sequence.id }
    : undefined;
}
