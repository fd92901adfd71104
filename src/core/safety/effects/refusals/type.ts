/** Refuses a type that does not exist, and wrong uses of one that does. */
import { names, part, type Tree } from "../../../sql/tree.ts";
import { isBuiltIn } from "../built-in-types.ts";
import type { TypeName } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType, isSerial, typeNameOf } from "../types.ts";
import { tellsAll } from "./relation.ts";

/** Why a type of a column is refused: there is none of the name. */
export function typeRefusal(definition: Tree | undefined, scene: Scene): string | undefined {
  const type = typeNameOf(definition);
  const { catalog } = scene;
  if (isSerial(type) || isBuiltIn(type.name)) return undefined;
  if (names(definition, "names")[0] === "pg_catalog" || definition?.pct_type === true)
    return undefined;
  return isTypeMissing(type, scene) && catalog.extensions.size === 0
    ? `there is no type ${type.schema === undefined ? "" : `${type.schema}.`}${type.name}`
    : undefined;
}

/** Whether no type, domain or table of the name is known, and none could come from elsewhere. */
export function isTypeMissing(
  { name, schema }: Pick<TypeName, "name" | "schema">,
  { catalog }: Scene,
): boolean {
  if (!tellsAll(catalog) || catalog.hasOtherTypes) return false;
  if (schema !== undefined && /^(pg_|information_schema)/.test(schema)) return false;
  const isRow = catalog.find(catalog.tables, name, schema);
  return (
    catalog.find(catalog.enums, name, schema) === undefined &&
    catalog.find(catalog.domains, name, schema) === undefined &&
    catalog.find(catalog.composites, name, schema) === undefined &&
    (isRow === undefined || isRow.heardOf === true)
  );
}

/** Those that have a collation. */
const collatable = /^(text|varchar|bpchar|char|name|citext)$/;

/** Why a collation cannot stand with it. */
export function collationRefusal(type: TypeName, scene: Scene): string | undefined {
  const base = baseType(type, scene.catalog);
  return isBuiltIn(base.name) && !collatable.test(base.name)
    ? `${base.name} has no collation`
    : undefined;
}

/** Types of a fixed length, or with nothing to store elsewhere. */
const fixed: ReadonlySet<string> = new Set(
  "bool box cid circle date float4 float8 int2 int4 int8 interval line lseg macaddr macaddr8 money name oid pg_lsn point tid time timestamp timestamptz timetz uuid xid xid8".split(
    " ",
  ),
);

/** Why a way of storage or of compression does not fit it. */
export function storageRefusal(
  type: TypeName | undefined,
  {
    storage,
    compression,
  }: { readonly storage?: string | undefined; readonly compression?: string | undefined },
  scene: Scene,
): string | undefined {
  const base = type === undefined ? undefined : baseType(type, scene.catalog);
  const isFixed = base !== undefined && !base.isArray && fixed.has(base.name);
  if (storage !== undefined) {
    const is = storage.toLowerCase();
    if (!/^(plain|external|extended|main|default)$/.test(is))
      return `there is no storage ${storage}`;
    return isFixed && !/^(plain|default)$/.test(is)
      ? `${base.name} is always stored PLAIN`
      : undefined;
  }
  if (compression === undefined) return undefined;
  if (!/^(pglz|lz4|default)$/.test(compression)) return `there is no compression ${compression}`;
  return isFixed && compression !== "default" ? `${base.name} cannot be compressed` : undefined;
}

/** The type that a `ColumnDef` or a command says. */
export function typeOf(definition: Tree | undefined): TypeName {
  return typeNameOf(part(definition, "typeName"));
}
