/**
 * The abilities of access methods. https://www.postgresql.org/docs/18/indexam.html, and
 * `pg_opclass` for the types they know.
 */
import type { TypeName } from "../catalog.ts";
import type { Scene } from "../scene.ts";
import { baseType, enumOf } from "../types.ts";
import { tellsAll } from "./relation.ts";

type Method = {
  readonly orders?: true;
  readonly isUnique?: true;
  readonly takesSeveral?: true;
  readonly includes?: true;
  readonly excludes?: true;
  /** The types with a default operator class, which you need not name. */
  readonly types: ReadonlySet<string>;
};

const types = (names: string) => new Set(names.split(" "));

export const methods: { readonly [name: string]: Method } = {
  btree: {
    orders: true,
    isUnique: true,
    takesSeveral: true,
    includes: true,
    excludes: true,
    types: types(
      "anyarray anyenum anymultirange anyrange bit bool bpchar bytea char cidr date float4 float8 inet int2 int4 int8 interval jsonb macaddr macaddr8 money name numeric oid oidvector pg_lsn record text tid time timestamp timestamptz timetz tsquery tsvector uuid varbit varchar xid8",
    ),
  },
  hash: {
    excludes: true,
    types: types(
      "aclitem anyarray anyenum anymultirange anyrange bool bpchar bytea char cid cidr date float4 float8 inet int2 int4 int8 interval jsonb macaddr macaddr8 name numeric oid oidvector pg_lsn record text tid time timestamp timestamptz timetz uuid varchar xid xid8",
    ),
  },
  gin: { takesSeveral: true, types: types("anyarray jsonb tsvector") },
  gist: {
    takesSeveral: true,
    includes: true,
    excludes: true,
    types: types("anymultirange anyrange box circle point polygon tsquery tsvector"),
  },
  spgist: {
    includes: true,
    excludes: true,
    types: types("anyrange box cidr inet point polygon text varchar"),
  },
  brin: {
    takesSeveral: true,
    types: types(
      "anyrange bit box bpchar bytea char cidr date float4 float8 inet int2 int4 int8 interval macaddr macaddr8 name numeric oid pg_lsn text tid time timestamp timestamptz timetz uuid varbit varchar",
    ),
  },
};

/** Types of PostgreSQL's own, of which no extension says how to index them, but for the plain ones in gin and gist. */
const own: ReadonlySet<string> = new Set([
  ...Object.values(methods).flatMap((method) => [...method.types]),
  ..."path line lseg json xml jsonpath pg_snapshot txid_snapshot refcursor".split(" "),
]);

/** Why a column of the type cannot be in an index of the method, when no operator class is named. */
export function defaultClassMissing(
  type: TypeName,
  method: string,
  scene: Scene,
): string | undefined {
  const known = methods[method];
  const { catalog } = scene;
  if (known === undefined || !tellsAll(catalog) || catalog.hasOtherTypes) return undefined;
  if (catalog.extensions.has("btree_gin") || catalog.extensions.has("btree_gist")) return undefined;
  const base = baseType(type, catalog);
  if (base.isArray) return has(known, ["anyarray"]) ? undefined : missing(`${base.name}[]`, method);
  if (enumOf(base, catalog) !== undefined)
    return has(known, ["anyenum"]) ? undefined : missing(base.name, method);
  if (!own.has(base.name)) return undefined;
  const kinds = /multirange$/.test(base.name)
    ? ["anymultirange"]
    : /range$/.test(base.name)
      ? ["anyrange"]
      : [];
  return has(known, [base.name, ...kinds]) ? undefined : missing(base.name, method);
}

function has({ types: known }: Method, names: readonly string[]): boolean {
  return names.some((name) => known.has(name));
}

function missing(type: string, method: string): string {
  return `${type} has no operator class for ${method}`;
}
