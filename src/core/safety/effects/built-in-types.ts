/** The names of PostgreSQL's own types. */

/** Those of `pg_type` that PostgreSQL brings. */
const builtIn: ReadonlySet<string> = new Set(
  `aclitem bit bool box bpchar bytea char cid cidr circle date datemultirange daterange float4 float8 gtsvector inet int2
  int2vector int4 int4multirange int4range int8 int8multirange int8range interval json jsonb jsonpath line lseg macaddr
  macaddr8 money name numeric nummultirange numrange oid oid8 oidvector path pg_lsn pg_node_tree pg_snapshot point polygon
  record refcursor regclass regcollation regconfig regdatabase regdictionary regnamespace regoper regoperator regproc
  regprocedure regrole regtype text tid time timestamp timestamptz timetz tsmultirange tsquery tsrange tstzmultirange
  tstzrange tsvector txid_snapshot uuid varbit varchar xid xid8 xml void any anyelement anyarray trigger`.split(
    /\s+/,
  ),
);

/** Whether PostgreSQL brings a type of the name. */
export function isBuiltIn(name: string): boolean {
  return builtIn.has(name);
}
