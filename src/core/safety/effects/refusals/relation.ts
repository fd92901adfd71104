/** Finds the relation behind a name, where the model is sure of it. */
import { type Tree, word } from "../../../sql/tree.ts";
import type { Catalog, CatalogIndex, Table } from "../catalog.ts";
import type { Scene } from "../scene.ts";

export type RelationKind =
  | "table"
  | "partitioned table"
  | "view"
  | "materialized view"
  | "foreign table"
  | "sequence"
  | "index"
  | "partitioned index"
  | "composite type";

/** A relation of the schema, with the facts about it. */
export type NamedRelation = {
  readonly kind: RelationKind;
  readonly name: string;
  readonly table?: Table | undefined;
  readonly index?: CatalogIndex | undefined;
};

/** `missing` where it surely is not there, `undefined` where it could come from elsewhere. */
export function relationNamed(
  relation: Tree | undefined,
  { catalog }: Scene,
): NamedRelation | "missing" | undefined {
  const name = word(relation, "relname") ?? "";
  const schema = word(relation, "schemaname");
  const table = catalog.find(catalog.tables, name, schema);
  if (table !== undefined && table.heardOf !== true) return { kind: kindOf(table), name, table };
  const index = catalog.find(catalog.indexes, name, schema);
  if (index !== undefined)
    return {
      kind: index.table.partitionBy === undefined ? "index" : "partitioned index",
      name,
      index,
    };
  if (catalog.find(catalog.sequences, name, schema) !== undefined)
    return { kind: "sequence", name };
  if (catalog.find(catalog.composites, name, schema) !== undefined)
    return { kind: "composite type", name };
  if (mayBeCloned(name, catalog)) return undefined;
  return tellsAll(catalog) && !isSystemSchema(schema) ? "missing" : undefined;
}

/** Whether it may be the index that the server made, and called, for a table after that of one above it. */
export function mayBeCloned(name: string, catalog: Catalog): boolean {
  return catalog.hasClones && /_(idx|key|pkey|excl)\d*$/.test(name);
}

/** Whether it may be a constraint of the table that the server called: after one above it, or a NOT NULL since 18. */
export function mayHaveConstraint(table: Table, name: string, { catalog, server }: Scene): boolean {
  if (server.major >= 18 && /_not_null\d*$/.test(name)) return true;
  // A constraint trigger is a constraint.
  if (table.triggers.has(name)) return true;
  return catalog.hasClones && /_(key|pkey|excl|fkey|check)\d*$/.test(name);
}

function kindOf({ kind, partitionBy }: Table): RelationKind {
  return kind === "table" && partitionBy !== undefined ? "partitioned table" : kind;
}

/**
 * Whether what the catalog does not have is not there: the whole schema was given, and nothing ran in it whose effects
 * cannot be read.
 */
export function tellsAll(catalog: Catalog): boolean {
  return (
    catalog.complete &&
    !catalog.hasOpaque &&
    [...catalog.extensions].every((extension) => withoutRelations.has(extension))
  );
}

/** Extensions that bring functions and types, and no table, schema or domain. */
const withoutRelations: ReadonlySet<string> = new Set(
  "plpgsql citext pgcrypto uuid-ossp btree_gin btree_gist pg_trgm hstore ltree intarray unaccent fuzzystrmatch tablefunc cube earthdistance vector".split(
    " ",
  ),
);

function isSystemSchema(schema: string | undefined): boolean {
  return schema !== undefined && /^(pg_|information_schema$)/.test(schema);
}

/** Whether a schema is surely not there. */
export function isSchemaMissing(schema: string | undefined, { catalog }: Scene): boolean {
  if (schema === undefined || isSystemSchema(schema) || catalog.schemas.has(schema)) return false;
  return tellsAll(catalog);
}

/** Says in words which table, view, index or sequence of a schema has the name. */
export function takenBy(name: string, schema: string, { catalog }: Scene): string | undefined {
  const key = `${schema}.${name}`;
  const table = catalog.tables.get(key);
  if (table !== undefined && table.heardOf !== true) return `a ${table.kind}`;
  if (catalog.indexes.has(key)) return "an index";
  return catalog.sequences.has(key) ? "a sequence" : undefined;
}
