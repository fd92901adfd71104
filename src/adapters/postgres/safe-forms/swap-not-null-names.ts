/** Names of NOT NULL constraints, which PostgreSQL has since 18. */
import { derivedName } from "../../../core/language/names.ts";
import type { SchemaOperation } from "../../../core/language/operation.ts";
import type { Named } from "../../../core/model/named.ts";
import { stringLiteral } from "../literal.ts";
import { identifierLimit, quoteNamed } from "../sql-text.ts";
import type { PostgresServer } from "./set-not-null.ts";

/** Where both columns have one, each takes the name of the other's. The catalog knows the names, for a user may have given them. */
export function swapNotNullNames(
  { table, one, other }: { readonly table: Named; readonly one: string; readonly other: string },
  { major = 0 }: PostgresServer,
): readonly SchemaOperation[] {
  if (major < 18) return [];
  const meanwhile = stringLiteral(derivedName(one, "_swap", identifierLimit));
  const of = stringLiteral(quoteNamed(table));
  const nameOf = (column: string) => `(
    SELECT conname FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.contype = 'n' AND c.conrelid = ${of}::regclass AND a.attname = ${stringLiteral(column)})`;
  const sql = `DO $slipway$
DECLARE
  one text := ${nameOf(one)};
  other text := ${nameOf(other)};
BEGIN
  IF one IS NOT NULL AND other IS NOT NULL THEN
    EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${of}, one, ${meanwhile});
    EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${of}, other, one);
    EXECUTE format('ALTER TABLE %s RENAME CONSTRAINT %I TO %I', ${of}, ${meanwhile}, other);
  END IF;
END
$slipway$`;
  return [{ kind: "execute", sql }];
}
