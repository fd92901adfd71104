/** Columns as they are defined, in CREATE TABLE and in ADD COLUMN. */
import {
  child,
  children,
  constantOf,
  names,
  part,
  stringsOf,
  type Tree,
  type TreeNode,
  word,
} from "../../sql/tree.ts";
import type { AddedConstraint } from "./added-constraint.ts";
import { type CatalogColumn, shown, type Table } from "./catalog.ts";
import { addConstraint } from "./constraints.ts";
import { chooseName } from "./names.ts";
import type { Scene } from "./scene.ts";
import { domainOf, isConstrained, isSerial, plainType, typeNameOf, typeWords } from "./types.ts";
import { volatileCall } from "./volatility.ts";

/** The column of a `ColumnDef`, and the constraints that stand with it. */
export type ColumnDefinition = {
  readonly column: CatalogColumn;
  readonly constraints: readonly TreeNode[];
  readonly isSerial: boolean;
  /** The type as it is written, for people. */
  readonly written: string;
};

export function readColumn(definition: Tree, scene: Scene): ColumnDefinition {
  const written = typeNameOf(part(definition, "typeName"));
  const constraints = children(definition, "constraints").filter(
    (one) => one.kind === "Constraint",
  );
  const serial = isSerial(written) && !written.isArray;
  const of = (contype: string) => constraints.find(({ tree }) => tree.contype === contype)?.tree;
  const generated = of("CONSTR_GENERATED");
  const isNotNull =
    serial || !!of("CONSTR_NOTNULL") || !!of("CONSTR_PRIMARY") || !!of("CONSTR_IDENTITY");
  const column: CatalogColumn = {
    name: word(definition, "colname") ?? "",
    origin: scene.origin,
    type: plainType(written),
    collation: names(part(definition, "collClause"), "collname").at(-1),
    notNull: isNotNull,
    default: defaultOf({ serial, of, scene, type: written }),
    isIdentity: of("CONSTR_IDENTITY") !== undefined,
    ...(generated === undefined ? {} : { stored: word(generated, "generated_kind") !== "v" }),
  };
  return {
    column,
    constraints,
    isSerial: serial,
    written: serial ? written.name : typeWords(written),
  };
}

function defaultOf(given: {
  readonly serial: boolean;
  readonly of: (contype: string) => Tree | undefined;
  readonly type: CatalogColumn["type"];
  readonly scene: Scene;
}): CatalogColumn["default"] {
  const { serial, of, scene, type } = given;
  if (serial || of("CONSTR_IDENTITY") !== undefined) return { by: "identity" };
  const generated = of("CONSTR_GENERATED");
  if (generated !== undefined) return { by: "generated", expression: child(generated, "raw_expr") };
  const expression =
    child(of("CONSTR_DEFAULT"), "raw_expr") ?? domainOf(type, scene.catalog)?.default;
  return defaultFrom(expression);
}

/** DEFAULT NULL is no default. */
export function defaultFrom(expression: TreeNode | undefined): CatalogColumn["default"] {
  if (expression === undefined || constantOf(expression) === null) return undefined;
  return { by: "expression", expression };
}

/**
 * Why a new column makes the server write every row anew; `undefined` when the catalog is enough.
 * https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES
 */
export function addedColumnRewrite(
  { column, isSerial: serial, written }: ColumnDefinition,
  scene: Scene,
): string | undefined {
  const { catalog, server } = scene;
  if (serial) return `${written} fills every row from a sequence`;
  if (column.default?.by === "identity")
    return "an identity column fills every row from a sequence";
  if (column.default?.by === "generated")
    return column.stored ? "a stored generated column is computed for every row" : undefined;
  if (isConstrained(column.type, catalog))
    return `the domain ${typeWords(column.type)} has constraints`;
  if (column.default === undefined) return undefined;
  if (server.major < 11) return "before PostgreSQL 11 any default is written into every row";
  const call = volatileCall(column.default.expression, scene);
  return call === undefined ? undefined : `${call} is computed for every row`;
}

/** Makes the sequence of a serial or an identity, with the name that the server gives it. */
export function ownSequence(
  table: Table,
  column: CatalogColumn,
  { catalog, origin }: Scene,
  identity?: Tree,
): undefined {
  const option = children(identity, "options").find(({ tree }) => tree.defname === "sequence_name");
  const given = stringsOf(option?.tree.arg).at(-1);
  const sequence =
    given ??
    chooseName({ table: table.name, columns: [column.name], label: "seq" }, (taken) =>
      catalog.sequences.has(`${table.schema}.${taken}`),
    );
  catalog.sequences.set(`${table.schema}.${sequence}`, { origin, ownedBy: shown(table), column });
}

/** Puts a column into its table, with the constraints that stand with it. */
export function defineColumn(
  table: Table,
  { column, constraints }: ColumnDefinition,
  scene: Scene,
  {
    later,
    ...options
  }: {
    readonly isNewTable: boolean;
    readonly skipsForeignKeyScan: boolean;
    /** Takes its foreign keys, for whoever adds them behind the keys that they may refer to. Default: they are added. */
    readonly later?: AddedConstraint[];
  },
): undefined {
  table.columns.set(column.name, column);
  if (column.default?.by === "identity")
    ownSequence(
      table,
      column,
      scene,
      constraints.find(({ tree }) => tree.contype === "CONSTR_IDENTITY")?.tree,
    );
  for (const [i, { tree }] of constraints.entries()) {
    const notEnforced = constraints[i + 1]?.tree.contype === "CONSTR_ATTR_NOT_ENFORCED";
    const added = { table, definition: tree, onColumn: column.name, notEnforced, ...options };
    if (tree.contype === "CONSTR_FOREIGN" && later !== undefined) later.push(added);
    else addConstraint(added, scene);
  }
}
