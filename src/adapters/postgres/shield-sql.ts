/** What a migration that meant all tables has put on ours, taken off again. */
import type { Named } from "../../core/model/named.ts";
import { literal } from "./literal.ts";
import { quoteNamed } from "./sql-text.ts";

/**
 * Policies are switched off, and triggers disabled: what takes them away again later still finds them. What is as it
 * should be is not touched, and takes no lock.
 */
export function shieldSql(history: Named): string {
  return `DO $slipway$
DECLARE own record;
BEGIN
  FOR own IN SELECT n.nspname AS s, c.relname AS t, c.relrowsecurity OR c.relforcerowsecurity AS hides,
    EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT g.tgisinternal AND g.tgenabled OPERATOR(pg_catalog.<>) 'D'::pg_catalog."char") AS acts
    FROM pg_catalog.pg_class h
    JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) h.relnamespace AND c.relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog."char" AND (c.oid OPERATOR(pg_catalog.=) h.oid OR pg_catalog.starts_with(c.relname::pg_catalog.text, 'slipway_'))
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE h.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${literal(quoteNamed(history))})::pg_catalog.oid
  LOOP
    IF own.hides THEN
      EXECUTE pg_catalog.format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', own.s, own.t);
      EXECUTE pg_catalog.format('ALTER TABLE %I.%I DISABLE ROW LEVEL SECURITY', own.s, own.t);
    END IF;
    IF own.acts THEN
      EXECUTE pg_catalog.format('ALTER TABLE %I.%I DISABLE TRIGGER USER', own.s, own.t);
    END IF;
  END LOOP;
END
$slipway$`;
}
