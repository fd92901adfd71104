/** Looks, before anything changes, for objects that a second column would not take over. */
import type { SafeTypeChange } from "../../../core/language/safe/safe-form.ts";
import { stringLiteral } from "../literal.ts";
import { quoteNamed } from "../sql-text.ts";

/** A block that fails when the column is missing, or something depends on it that the change does not name. */
export function refuseDependents({ table, column, indexes }: SafeTypeChange): string {
  const named = indexes.map(({ name }) => stringLiteral(name)).join(", ");
  const what = `column ${column.name} of ${table.name}`;
  const of = `${stringLiteral(quoteNamed(table))}::regclass`;
  const name = stringLiteral(column.name);
  return `DO $slipway$
DECLARE
  dependents text := (
    SELECT string_agg(DISTINCT pg_describe_object(classid, objid, objsubid), ', ')
    FROM pg_depend JOIN pg_attribute a ON a.attrelid = refobjid AND a.attnum = refobjsubid
    WHERE refclassid = 'pg_class'::regclass AND refobjid = ${of} AND a.attname = ${name}
    AND NOT (classid = 'pg_class'::regclass AND objid IN
      (SELECT oid FROM pg_class WHERE relname = ANY (ARRAY[${named}]::text[])))
    AND NOT (classid = 'pg_attrdef'::regclass AND objid IN
      (SELECT oid FROM pg_attrdef d WHERE d.adrelid = a.attrelid AND d.adnum = a.attnum))
    AND NOT (classid = 'pg_constraint'::regclass AND objid IN
      (SELECT oid FROM pg_constraint WHERE contype = 'n')));
  lost text := (
    SELECT CASE WHEN attnotnull AND ${String(column.null !== false)} THEN 'is not null: say null: false'
      WHEN atthasdef AND ${String(column.default === undefined)} THEN 'has a default: say default: …' END
    FROM pg_attribute WHERE attrelid = ${of} AND attname = ${name});
BEGIN
  IF NOT EXISTS (SELECT FROM pg_attribute WHERE attrelid = ${of} AND attname = ${name}) THEN
    RAISE EXCEPTION '${escaped(`${table.name} has no column ${column.name}`)}';
  END IF;
  IF dependents IS NOT NULL THEN
    RAISE EXCEPTION '${escaped(what)} cannot be replaced yet: % would stay behind', dependents
      USING HINT = 'Name its indexes in the option indexes; drop what else depends on it before, and make it again after.';
  END IF;
  IF lost IS NOT NULL THEN
    RAISE EXCEPTION '${escaped(what)} %', lost;
  END IF;
END
$slipway$`;
}

/** Inside a quoted format of RAISE. */
function escaped(text: string): string {
  return text.replaceAll("'", "''").replaceAll("%", "%%");
}
