/** Writes a table as statements: as much as possible inside of it, and later any part that would close a circle. */
import type { ConstraintObject, TableColumn, TableObject } from "../../../core/catalog/catalog.ts";
import type { SchemaPiece } from "../../../core/catalog/order.ts";
import type { SchemaContext } from "./context.ts";
import { dropStatements } from "./drop.ts";
import { commentOn, inParentheses, labelOf, quote, quoteNamed } from "./words.ts";
import { sequenceOptions } from "./write-sequence.ts";
import { typed } from "./write-type.ts";

/** A table is written with its checks, which are not separate pieces then. */
export function writeTable(
  table: TableObject,
  context: SchemaContext,
  rank: number,
): readonly SchemaPiece[] {
  const name = quoteNamed(table.named);
  const checks = context.checksInside(table);
  const later = table.columns.filter(({ default: given }) => context.isLater(given?.needs, table));
  const inside = table.columns.filter((column) =>
    table.ofType === undefined ? column.isLocal || isWhole(table) : saysMore(column),
  );
  const needs = [
    ...table.needs.filter((id) => table.partitionOf === undefined || id !== parentId(table)),
    ...table.columns.filter((column) => !later.includes(column)).flatMap(needsOfColumn),
    ...checks.flatMap((check) => check.needs),
  ];
  const lines = [
    ...inside.map((column) => columnLine(table, column, later.includes(column))),
    ...checks.map(({ name, definition }) => `CONSTRAINT ${quote(name)} ${definition}`),
  ];
  const create: SchemaPiece = {
    id: table.id,
    needs,
    rank,
    statements: [
      createTable(table, lines),
      ...settings(table, name),
      ...commentOn(labelOf(table), table.comment),
      ...table.columns.flatMap(({ name: column, comment }) =>
        commentOn(`COLUMN ${name}.${quote(column)}`, comment),
      ),
      ...table.columns.flatMap(({ notNull }) =>
        notNull?.comment === undefined
          ? []
          : commentOn(`CONSTRAINT ${quote(notNull.comment.of)} ON ${name}`, notNull.comment.is),
      ),
      ...checks.flatMap((check) => commentOn(labelOf(check), check.comment)),
    ],
    ...{ of: table.id, undo: dropStatements(table) },
  };
  return [
    create,
    ...later.map((column) => defaultPiece(table, column, rank)),
    ...attachPiece(table, rank),
    ...afterIndexes(table),
  ];
}

/** A partition is made by itself and attached, so its columns keep their order. */
function isWhole(table: TableObject): boolean {
  return table.inherits.length === 0 && table.ofType === undefined;
}

/** Whether a column of a table that is made of a type has more than the type says. */
function saysMore(column: TableColumn): boolean {
  return column.default !== undefined || column.notNull !== undefined;
}

function needsOfColumn(column: TableColumn): readonly string[] {
  return [...(column.default?.needs ?? []), ...(column.generated?.needs ?? [])];
}

function createTable(table: TableObject, lines: readonly string[]): string {
  const { persistence, ofType, inherits, partitionBy, accessMethod, options } = table;
  const unlogged = persistence === "unlogged" ? "UNLOGGED " : "";
  const body = lines.length === 0 ? "()" : `(\n  ${lines.join(",\n  ")}\n)`;
  const typedBody = lines.length === 0 ? "" : ` ${body}`;
  return [
    `CREATE ${unlogged}TABLE ${quoteNamed(table.named)}`,
    ofType === undefined ? ` ${body}` : ` OF ${quoteNamed(ofType)}${typedBody}`,
    inParentheses(inherits.map(quoteNamed), "\nINHERITS "),
    partitionBy === undefined ? "" : `\nPARTITION BY ${partitionBy}`,
    accessMethod === undefined ? "" : `\nUSING ${quote(accessMethod)}`,
    inParentheses(options, "\nWITH "),
  ].join("");
}

function columnLine(table: TableObject, column: TableColumn, withoutDefault: boolean): string {
  const { generated, identity, notNull, default: given } = column;
  const named = notNull?.name === undefined ? "" : `CONSTRAINT ${quote(notNull.name)} `;
  return [
    table.ofType === undefined ? typed(column) : quote(column.name),
    ...(given === undefined || withoutDefault ? [] : [`DEFAULT ${given.expression}`]),
    ...(generated === undefined
      ? []
      : [`GENERATED ALWAYS AS (${generated.expression}) ${generated.kept.toUpperCase()}`]),
    ...(identity === undefined
      ? []
      : [
          `GENERATED ${identity.always ? "ALWAYS" : "BY DEFAULT"} AS IDENTITY (SEQUENCE NAME ${quoteNamed(identity.sequence.named)} ${sequenceOptions(identity.sequence)})`,
        ]),
    ...(notNull === undefined
      ? []
      : [`${named}NOT NULL${notNull.noInherit === true ? " NO INHERIT" : ""}`]),
  ].join(" ");
}

/** The settings that follow once the table is there. */
function settings(table: TableObject, name: string): readonly string[] {
  const alter = `ALTER TABLE ONLY ${name}`;
  const inherited =
    table.inherits.length === 0 ? [] : table.columns.filter(({ isLocal }) => !isLocal);
  const columns = table.columns.flatMap((column) => {
    const change = `${alter} ALTER COLUMN ${quote(column.name)}`;
    return [
      ...(column.storage === undefined
        ? []
        : [`${change} SET STORAGE ${column.storage.toUpperCase()}`]),
      ...(column.compression === undefined
        ? []
        : [`${change} SET COMPRESSION ${column.compression}`]),
      ...(column.statistics === undefined ? [] : [`${change} SET STATISTICS ${column.statistics}`]),
      ...(column.options.length === 0 ? [] : [`${change} SET (${column.options.join(", ")})`]),
    ];
  });
  const { rowSecurity, replicaIdentity } = table;
  return [
    ...inherited.flatMap((column) => inheritedColumn(column, alter)),
    ...columns,
    ...(rowSecurity === undefined ? [] : [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`]),
    ...(rowSecurity === "forced" ? [`${alter} FORCE ROW LEVEL SECURITY`] : []),
    ...(replicaIdentity === "full" || replicaIdentity === "nothing"
      ? [`${alter} REPLICA IDENTITY ${replicaIdentity.toUpperCase()}`]
      : []),
  ];
}

/** The table's own properties of a column that comes from another table. */
function inheritedColumn(column: TableColumn, alter: string): readonly string[] {
  const { default: given, notNull, name } = column;
  const change = `${alter} ALTER COLUMN ${quote(name)}`;
  return [
    ...(given === undefined ? [] : [`${change} SET DEFAULT ${given.expression}`]),
    ...(notNull?.isLocal === true
      ? notNull.name === undefined
        ? [`${change} SET NOT NULL`]
        : [`${alter} ADD CONSTRAINT ${quote(notNull.name)} NOT NULL ${quote(name)}`]
      : []),
  ];
}

function defaultPiece(table: TableObject, column: TableColumn, rank: number): SchemaPiece {
  const { expression = "", needs = [] } = column.default ?? {};
  const change = `ALTER TABLE ONLY ${quoteNamed(table.named)} ALTER COLUMN ${quote(column.name)}`;
  return {
    id: `default of ${column.name} on ${table.id}`,
    needs: [table.id, ...needs],
    rank,
    statements: [`${change} SET DEFAULT ${expression}`],
    ...{ of: table.id, undo: [`${change} DROP DEFAULT`] },
  };
}

function parentId({ partitionOf }: TableObject): string {
  return `table ${partitionOf?.parent.prefix}.${partitionOf?.parent.name}`;
}

function attachPiece(table: TableObject, rank: number): readonly SchemaPiece[] {
  if (table.partitionOf === undefined) return [];
  const { parent, bound } = table.partitionOf;
  const statement = `ALTER TABLE ONLY ${quoteNamed(parent)} ATTACH PARTITION ${quoteNamed(table.named)} ${bound}`;
  return [
    {
      id: `partition ${table.id}`,
      needs: [table.id, parentId(table)],
      rank: rank + 1,
      statements: [statement],
      of: table.id,
      undo: [`ALTER TABLE ${quoteNamed(parent)} DETACH PARTITION ${quoteNamed(table.named)}`],
    },
  ];
}

/** The settings of a table that name one of its indexes. */
function afterIndexes(table: TableObject): readonly SchemaPiece[] {
  const { replicaIdentity, clusteredOn, named, id } = table;
  const alter = `ALTER TABLE ONLY ${quoteNamed(named)}`;
  const statements = [
    ...(replicaIdentity === undefined || ["full", "nothing"].includes(replicaIdentity)
      ? []
      : [`${alter} REPLICA IDENTITY USING INDEX ${quote(replicaIdentity)}`]),
    ...(clusteredOn === undefined
      ? []
      : [`ALTER TABLE ${quoteNamed(named)} CLUSTER ON ${quote(clusteredOn)}`]),
  ];
  const indexes = [replicaIdentity, clusteredOn].flatMap((index) =>
    index === undefined
      ? []
      : [`index ${named.prefix}.${index}`, `constraint ${index} on ${named.prefix}.${named.name}`],
  );
  if (statements.length === 0) return [];
  const undo = [
    ...(replicaIdentity === undefined ? [] : [`${alter} REPLICA IDENTITY DEFAULT`]),
    ...(clusteredOn === undefined ? [] : [`ALTER TABLE ${quoteNamed(named)} SET WITHOUT CLUSTER`]),
  ];
  return [
    {
      ...{ id: `indexes of ${id}`, needs: [id, ...indexes], rank: 13, statements },
      ...{ of: id, undo },
    },
  ];
}

export function isInside(constraint: ConstraintObject): boolean {
  return constraint.of === "check" && constraint.validated;
}
