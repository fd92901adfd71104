import type { Column } from "../language/table-parts.ts";

/** Whether a new column's default is another value for each row, so that PostgreSQL writes every row anew. */
export function isComputed({ default: given, generated }: Column): boolean {
  if (generated !== undefined || typeof given !== "object" || given === null) return false;
  if (!("kind" in given) || given.kind !== "fragment") return false;
  const sql = String(given.sql).replace(/'(?:[^']|'')*'/g, "''");
  return [...sql.matchAll(/([\w."]+)\s*\(/g)].some(([, called = ""]) => !steady.has(called));
}

/**
 * Names before a parenthesis that give one value for a whole statement: stable and immutable
 * functions of the server, and types. Functions of a schema are named with it, and count as
 * changing.
 */
const steady: ReadonlySet<string> = new Set(
  `now statement_timestamp transaction_timestamp timezone date_trunc date_part date_bin EXTRACT extract make_interval
  make_date make_time make_timestamp make_timestamptz to_char to_date to_timestamp to_number age isfinite justify_days
  current_setting current_database current_schema current_schemas pg_backend_pid inet_client_addr txid_current
  lower upper initcap length char_length concat concat_ws format replace md5 sha256 encode decode convert_to left right
  lpad rpad ltrim rtrim btrim substr substring split_part repeat quote_literal quote_ident
  abs ceil ceiling floor round trunc mod power sqrt sign gcd div greatest least GREATEST LEAST coalesce COALESCE
  nullif NULLIF array_fill array_append array_cat array_length array_to_string string_to_array
  to_json to_jsonb json_build_object json_build_array jsonb_build_object jsonb_build_array jsonb_set jsonb_strip_nulls
  to_tsvector to_tsquery setweight int4range int8range numrange tsrange tstzrange daterange
  character varying varchar char bit numeric timestamp time interval float
  AND OR NOT IN ANY CASE WHEN THEN ELSE AT ZONE ROW ARRAY CAST`.split(/\s+/),
);

/** Whether a new column must have a value, and nothing gives old rows one. */
export function isRequired({ null: mayBeNull, default: given, generated }: Column): boolean {
  return mayBeNull === false && given === undefined && generated === undefined;
}
