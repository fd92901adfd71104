/** Every setting of PostgreSQL that changes how a value is read or written, and what becomes of it. Pure. */

/**
 * Fixed in each transaction that carries values as text: what `pg_dump` fixes too, and what its readers could undo.
 *
 * Left as the role has them, because the SQL of the author means what it means elsewhere:
 * - `TimeZone`: text of ours says its offset, in UTC; `lc_monetary`: no key may be `money`;
 * - `standard_conforming_strings`, `backslash_quote`: our literals are the same under each of them;
 * - `quote_all_identifiers`: types are known by their names in the catalog;
 * - `search_path`, `transform_null_equals`, `xmlbinary`, the order of fields in `DateStyle`: for SQL of the author's only;
 * - `client_encoding`: the driver says UTF8; `default_transaction_read_only`: who says so is refused.
 *
 * https://www.postgresql.org/docs/current/runtime-config-client.html
 */
export const valueSettings: Readonly<Record<string, string>> = {
  datestyle: "ISO",
  intervalstyle: "postgres",
  bytea_output: "hex",
  extra_float_digits: "3",
  // Off makes the text "NULL" of a NULL in a list.
  array_nulls: "on",
  xmloption: "content",
};
