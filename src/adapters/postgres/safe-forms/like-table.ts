/** A view that may be used by whoever may use the table behind it. */
import type { Named } from "../../../core/model/named.ts";
import { stringLiteral } from "../literal.ts";
import { quoteNamed } from "../sql-text.ts";

/**
 * Gives a view the owner of a table, and everyone the rights on it that they have on the table and its columns; on the
 * second name of a column those of the first.
 */
export function likeTable(
  view: Named,
  table: Named,
  second?: { readonly column: string; readonly to: string },
): string {
  const names =
    second === undefined
      ? "ARRAY[attname]"
      : `CASE attname WHEN ${stringLiteral(second.column)} THEN ARRAY[attname, ${stringLiteral(second.to)}] ELSE ARRAY[attname] END`;
  const of = `${stringLiteral(quoteNamed(table))}::regclass`;
  return `DO $slipway$
DECLARE
  owner text := (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = ${of});
  command text;
BEGIN
  IF owner <> current_user THEN
    EXECUTE format('ALTER VIEW %s OWNER TO %I', ${stringLiteral(quoteNamed(view))}, owner);
  END IF;
  FOR command IN
    SELECT format('GRANT %s%s ON %s TO %s%s', privilege_type, part, ${stringLiteral(quoteNamed(view))},
      CASE grantee WHEN 0 THEN 'PUBLIC' ELSE quote_ident(pg_get_userbyid(grantee)) END,
      CASE WHEN is_grantable THEN ' WITH GRANT OPTION' ELSE '' END)
    FROM (
      SELECT '' AS part, (aclexplode(relacl)).* FROM pg_class WHERE oid = ${of}
      UNION ALL
      SELECT format(' (%I)', known.name), each.*
      FROM pg_attribute, unnest(${names}) AS known(name), aclexplode(attacl) AS each
      WHERE attrelid = ${of} AND attnum > 0 AND NOT attisdropped
    ) AS granted WHERE pg_get_userbyid(grantee) <> owner OR grantee = 0
  LOOP
    EXECUTE command;
  END LOOP;
END
$slipway$`;
}
