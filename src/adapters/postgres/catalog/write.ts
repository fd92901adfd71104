/** A catalog as the statements that make it, in an order in which they run. */
import type {
  ConstraintObject,
  IndexObject,
  PlainObject,
  SchemaCatalog,
  SchemaObject,
  TriggerObject,
  ViewObject,
} from "../../../core/catalog/catalog.ts";
import type { SchemaText } from "../../../core/catalog/catalog-access.ts";
import { inOrder, type Ordered, type SchemaPiece } from "../../../core/catalog/order.ts";
import type { Named } from "../../../core/model/named.ts";
import { isKey, SchemaContext } from "./context.ts";
import { dropStatements } from "./drop.ts";
import { commentOn, inParentheses, labelOf, quote, quoteNamed, text } from "./words.ts";
import { writeSequence } from "./write-sequence.ts";
import { writeTable } from "./write-table.ts";
import { writeType } from "./write-type.ts";

/** The order in which kinds are made where nothing else decides. */
const ranks: { readonly [kind in SchemaObject["kind"]]: number } = {
  schema: 0,
  extension: 1,
  collation: 2,
  enum: 3,
  domain: 3,
  composite: 3,
  range: 3,
  cast: 4,
  language: 4,
  routine: 5,
  "access method": 5,
  "operator family": 5,
  operator: 5,
  "operator class": 5,
  conversion: 5,
  "text search parser": 5,
  "text search template": 5,
  "text search dictionary": 5,
  "text search configuration": 5,
  "foreign data wrapper": 5,
  server: 5,
  transform: 5,
  sequence: 6,
  // The partitions of a table are attached, and its sequences given to it, one and two ranks later.
  table: 7,
  "foreign table": 8,
  view: 10,
  constraint: 11,
  index: 12,
  statistics: 14,
  rule: 15,
  trigger: 16,
  policy: 17,
  publication: 18,
  "event trigger": 19,
  written: 20,
};

/** Foreign keys and late checks come after the keys and the indexes. */
const afterIndexes = 13;

export function writePostgresCatalog(catalog: SchemaCatalog): SchemaText {
  const { pieces, circle } = postgresPieces(catalog);
  const invalid = catalog.objects.flatMap((object) =>
    object.kind === "index" && !object.valid ? [`${object.id} (it is not valid)`] : [],
  );
  return {
    statements: pieces.flatMap((piece) => piece.statements),
    leftOut: [
      ...catalog.leftOut,
      ...invalid,
      ...circle.map(({ id }) => `${id} (it needs what needs it)`),
    ],
  };
}

/** The statements that make each object, in order. */
export function postgresPieces(catalog: SchemaCatalog): Ordered {
  const context = new SchemaContext(catalog);
  return inOrder(catalog.objects.flatMap((object) => piecesOf(object, context)));
}

function piecesOf(object: SchemaObject, context: SchemaContext): readonly SchemaPiece[] {
  const { id, needs } = object;
  const rank = ranks[object.kind];
  const piece = (statements: readonly string[], at = rank): SchemaPiece => {
    const comments = commentOn(labelOf(object), object.comment);
    return {
      ...{ id, needs, rank: at, statements: [...statements, ...comments] },
      ...{ of: id, undo: dropStatements(object) },
    };
  };
  switch (object.kind) {
    case "table":
      return writeTable(object, context, rank);
    case "sequence":
      return writeSequence(object, rank);
    case "enum":
    case "domain":
    case "composite":
    case "range":
      return [piece(writeType(object))];
    case "constraint":
      if (object.of === "check" && context.isInside(object)) return [];
      return [
        piece([addConstraint(object)], isKey(object) ? rank : afterIndexes),
        ...attached(object.id, indexOf(object), object.partOf, context),
      ];
    case "index":
      if (!object.valid) return [];
      return [
        piece(indexStatements(object)),
        ...attached(object.id, object.named, object.partOf, context),
      ];
    case "view":
      return [piece(viewStatements(object))];
    case "routine":
      return [piece([object.definition.trimEnd()])];
    case "rule":
    case "trigger":
      return [piece(triggerStatements(object))];
    case "policy":
    case "written":
      return [piece([object.definition])];
    default:
      return [plainPiece(object, piece)];
  }
}

function indexOf({ table: { prefix }, name }: ConstraintObject): Named {
  return { prefix, name };
}

function addConstraint(constraint: ConstraintObject): string {
  const { table, name, definition } = constraint;
  // A key is one of this table alone: partitions have their own, which is attached.
  const only = isKey(constraint) ? "ONLY " : "";
  return `ALTER TABLE ${only}${quoteNamed(table)} ADD CONSTRAINT ${quote(name)} ${definition}`;
}

/** The index of a partition becomes a part of that of its parent. */
function attached(
  id: string,
  index: Named,
  partOf: Named | undefined,
  context: SchemaContext,
): readonly SchemaPiece[] {
  if (partOf === undefined) return [];
  const statement = `ALTER INDEX ${quoteNamed(partOf)} ATTACH PARTITION ${quoteNamed(index)}`;
  const needs = [id, context.indexId(partOf)];
  const piece = { id: `part ${id}`, needs, rank: ranks.index, statements: [statement] };
  // The index goes with that of the parent.
  return [{ ...piece, of: id, undo: [] }];
}

function indexStatements({ definition, named, statistics }: IndexObject): readonly string[] {
  const targets = statistics.map(
    ([place, target]) =>
      `ALTER INDEX ${quoteNamed(named)} ALTER COLUMN ${place} SET STATISTICS ${target}`,
  );
  return [definition, ...targets];
}

function viewStatements(view: ViewObject): readonly string[] {
  const { materialized, options, accessMethod, populated, columns } = view;
  const name = quoteNamed(view.named);
  const method = accessMethod === undefined ? "" : ` USING ${quote(accessMethod)}`;
  const settings = inParentheses(options, " WITH ");
  const query = view.definition.trim().replace(/;$/, "");
  const data = materialized && !populated ? "\nWITH NO DATA" : "";
  const create = `CREATE ${materialized ? "MATERIALIZED VIEW" : "VIEW"} ${name}${method}${settings} AS\n${query}${data}`;
  return [
    create,
    ...columns.flatMap(({ name: column, default: given, comment }) => [
      ...(given === undefined
        ? []
        : [`ALTER VIEW ${name} ALTER COLUMN ${quote(column)} SET DEFAULT ${given}`]),
      ...commentOn(`COLUMN ${name}.${quote(column)}`, comment),
    ]),
  ];
}

function triggerStatements({
  kind,
  table,
  name,
  definition,
  enabled,
}: TriggerObject): readonly string[] {
  const words = {
    origin: undefined,
    replica: "ENABLE REPLICA",
    always: "ENABLE ALWAYS",
    disabled: "DISABLE",
  };
  const word = words[enabled];
  if (word === undefined) return [definition];
  const change = `ALTER TABLE ${quoteNamed(table)} ${word} ${kind.toUpperCase()} ${quote(name)}`;
  return [definition, change];
}

/** A new database has its schema `public`, with its comment. */
function plainPiece(
  object: PlainObject,
  piece: (statements: readonly string[]) => SchemaPiece,
): SchemaPiece {
  const { version } = object;
  const definition =
    version === undefined ? object.definition : `${object.definition} VERSION ${text(version)}`;
  if (object.id !== "schema public") return piece([definition, ...object.after]);
  return object.comment === publicComment ? { ...piece([]), statements: [] } : piece([]);
}

const publicComment = "standard public schema";
