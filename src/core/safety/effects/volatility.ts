/**
 * Whether an expression must be computed for each row, so that a new column's default rewrites the table.
 * https://www.postgresql.org/docs/current/xfunc-volatility.html
 */
import { children, names, nodesIn, stringsOf, type TreeNode } from "../../sql/tree.ts";
import type { Catalog, DatabaseFunction } from "./catalog.ts";
import type { ServerMajor } from "./scene.ts";

/** The name of the function that makes an expression volatile; `undefined` if none does. */
export function volatileCall(
  expression: unknown,
  where: { readonly catalog: Catalog; readonly server: ServerMajor },
): string | undefined {
  for (const node of nodesIn(expression)) {
    const name = node.kind === "FuncCall" ? volatileFunction(node, where) : undefined;
    if (name !== undefined) return name;
    if (node.kind === "SubLink") return "a subquery";
    if (node.kind === "NextValueExpr") return "nextval";
  }
  return undefined;
}

function volatileFunction(
  call: TreeNode,
  { catalog, server }: { readonly catalog: Catalog; readonly server: ServerMajor },
): string | undefined {
  const path = names(call.tree, "funcname");
  const name = path.at(-1) ?? "";
  const schema = path.length > 1 ? path.at(-2) : undefined;
  const own = schema === "pg_catalog" ? undefined : catalog.find(catalog.functions, name, schema);
  if (own !== undefined) return isVolatile(own, catalog, server) ? name : undefined;
  const known = schema === "pg_catalog" ? undefined : catalog.ofExtensions.get(name);
  if (known === "stable" || known === "immutable") return undefined;
  return calm.has(name) && known !== "volatile" ? undefined : name;
}

/** A function in SQL whose body is one calm expression is put in its place before it is judged, since 12. */
function isVolatile(own: DatabaseFunction, catalog: Catalog, server: ServerMajor): boolean {
  if (own.volatility !== "volatile") return false;
  if (own.language !== "sql" || own.body === undefined || server.major < 12) return true;
  return volatileCall(own.body, { catalog, server }) !== undefined;
}

/** The body of a function in SQL that is one SELECT of one expression from nothing: what the planner puts in place. */
export function inlinableBody(statements: readonly TreeNode[]): unknown {
  const [select, more] = statements;
  if (select?.kind !== "SelectStmt" || more !== undefined) return undefined;
  const { fromClause, whereClause, groupClause, limitCount, withClause, op } = select.tree;
  if (fromClause || whereClause || groupClause || limitCount || withClause) return undefined;
  if (op !== undefined && op !== "SETOP_NONE") return undefined;
  const targets = children(select.tree, "targetList");
  return targets.length === 1 ? targets[0]?.tree.val : undefined;
}

/** The language and the volatility that CREATE FUNCTION says. */
export function functionTraits(options: readonly TreeNode[]): Omit<DatabaseFunction, "body"> {
  const option = (name: string) =>
    stringsOf(options.find(({ tree }) => tree.defname === name)?.tree.arg).at(0);
  const volatility = option("volatility");
  return {
    language: (option("language") ?? "sql").toLowerCase(),
    volatility: volatility === "immutable" || volatility === "stable" ? volatility : "volatile",
  };
}

/**
 * Built-in functions that are stable or immutable, of those that stand in defaults.
 * Any other counts as volatile, as a function does unless it says something else.
 */
const calm: ReadonlySet<string> = new Set(
  `abs acos age any_value array_append array_cat array_dims array_fill array_length array_lower array_ndims array_position
  array_positions array_prepend array_remove array_replace array_reverse array_sort array_to_json array_to_string array_upper ascii asin atan atan2
  bit_count bit_length box broadcast btrim cardinality casefold cbrt ceil ceiling char_length character_length chr circle coalesce concat
  concat_ws convert convert_from convert_to cos cosd cot crc32 crc32c current_catalog current_database current_query
  current_role current_schema current_schemas current_setting current_user date date_add date_bin date_part
  date_subtract date_trunc daterange datemultirange decode degrees digest div encode enum_first enum_last enum_range
  erf erfc exp extract factorial family floor format format_type gcd generate_series get_bit get_byte greatest
  has_table_privilege hashtext hashtextextended hmac host hostmask hstore inet_client_addr inet_server_addr int4range
  int4multirange int8range int8multirange initcap isempty isfinite json_array_length json_build_array json_build_object
  json_extract_path json_extract_path_text json_object json_populate_record json_strip_nulls json_to_record json_typeof
  jsonb_array_length jsonb_build_array jsonb_build_object jsonb_concat jsonb_extract_path jsonb_extract_path_text
  jsonb_insert jsonb_object jsonb_path_exists jsonb_path_query jsonb_path_query_array jsonb_path_query_first
  jsonb_populate_record jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_typeof justify_days justify_hours
  justify_interval lcm least left length like ln localtime localtimestamp log log10 lower lower_inc lower_inf lpad
  ltrim make_date make_interval make_time make_timestamp make_timestamptz masklen md5 min_scale mod multirange
  netmask network normalize now nullif num_nonnulls num_nulls numnode numrange nummultirange octet_length overlay
  parse_ident path pg_backend_pid pg_client_encoding pg_get_userbyid pg_typeof phraseto_tsquery pi plainto_tsquery
  point polygon position power quote_ident quote_literal quote_nullable radians range_merge regexp_count regexp_instr
  regexp_like regexp_match regexp_matches regexp_replace regexp_split_to_array regexp_substr repeat replace reverse
  right round row_to_json rpad rtrim scale session_user set_bit set_byte set_masklen setweight sha224 sha256 sha384
  sha512 shobj_description sign sin sind split_part sqrt starts_with statement_timestamp string_to_array strip
  strpos substr substring tan to_ascii to_bin to_char to_date to_hex to_json to_jsonb to_number to_oct to_regclass
  to_regtype to_timestamp to_tsquery to_tsvector transaction_timestamp translate trim trim_array trim_scale trunc
  tsrange tsmultirange tstzrange tstzmultirange ts_rank unaccent unistr upper upper_inc upper_inf user
  uuid_extract_timestamp uuid_extract_version uuid_nil uuid_ns_dns uuid_ns_oid uuid_ns_url uuid_ns_x500
  uuid_generate_v3 uuid_generate_v5 version websearch_to_tsquery width_bucket xmlelement xmlparse
  text varchar bpchar int2 int4 int8 float4 float8 numeric bool timestamptz timestamp time timetz interval inet cidr
  nlevel text2ltree subltree bytea timezone overlaps row cast inet_merge lseg line diagonal center area
  oid regclass pg_catalog crypt st_makepoint st_point st_setsrid st_geomfromtext st_geogfromtext st_geomfromewkt
  pg_size_pretty pg_column_size txid_current pg_current_xact_id txid_current_if_assigned
  pg_current_xact_id_if_assigned pg_snapshot_xmax txid_snapshot_xmin txid_snapshot_xmax pg_get_serial_sequence pg_postmaster_start_time
  inet_client_port inet_server_port pg_current_snapshot pg_snapshot_xmin txid_current_snapshot`.split(
    /\s+/,
  ),
);
