/** Takes policies and triggers off our tables again that a migration has put on all tables. */
import type { Named } from "../../core/model/named.ts";
import { literal } from "./literal.ts";
import { quoteNamed } from "./sql-text.ts";

/**
 * Row level security is no longer forced on their owner, and triggers are disabled: a migration
 * that drops them later still finds them. Policies that hide rows from others alone stay. A table
 * that is as it should be is left alone, and takes no lock. Ours are the tables of these names, and
 * every history beside this one: each repo and each lane has its own.
 */
export function shieldSql(history: Named): string {
  return `DO $slipway$
DECLARE own record;
BEGIN
  FOR own IN SELECT n.nspname AS s, c.relname AS t, c.relforcerowsecurity AS hides,
    EXISTS (SELECT 1 FROM pg_catalog.pg_trigger g WHERE g.tgrelid OPERATOR(pg_catalog.=) c.oid AND NOT g.tgisinternal AND g.tgenabled OPERATOR(pg_catalog.<>) 'D'::pg_catalog."char") AS acts
    FROM pg_catalog.pg_class h
    JOIN pg_catalog.pg_class c ON c.relnamespace OPERATOR(pg_catalog.=) h.relnamespace AND c.relkind OPERATOR(pg_catalog.=) 'r'::pg_catalog."char" AND (c.oid OPERATOR(pg_catalog.=) h.oid OR c.relname::pg_catalog.text ${isOneOf(ownNames)}
      OR (SELECT pg_catalog.count(*) FROM pg_catalog.pg_attribute a WHERE a.attrelid OPERATOR(pg_catalog.=) c.oid AND a.attname::pg_catalog.text ${isOneOf(columnsOfHistory)}) OPERATOR(pg_catalog.=) ${columnsOfHistory.length})
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE h.oid OPERATOR(pg_catalog.=) pg_catalog.to_regclass(${literal(quoteNamed(history))})::pg_catalog.oid
  LOOP
    IF own.hides THEN
      EXECUTE pg_catalog.format('ALTER TABLE %I.%I NO FORCE ROW LEVEL SECURITY', own.s, own.t);
    END IF;
    IF own.acts THEN
      EXECUTE pg_catalog.format('ALTER TABLE %I.%I DISABLE TRIGGER USER', own.s, own.t);
    END IF;
  END LOOP;
END
$slipway$`;
}

const ownNames = [
  "slipway_lock",
  "slipway_events",
  "slipway_journal",
  "slipway_schema",
  "slipway_backfills",
  "slipway_backfill_ranges",
  "slipway_backfill_dead",
  "slipway_tenants",
  "slipway_tenant_migrations",
  "slipway_tenant_plans",
  "slipway_tenant_events",
];

/** Which no other tool's has together. */
const columnsOfHistory = ["inserted_at", "checksum", "meaning", "plan"];

function isOneOf(names: readonly string[]): string {
  return `OPERATOR(pg_catalog.=) ANY (ARRAY[${names.map((name) => `'${name}'`).join(", ")}]::pg_catalog.text[])`;
}
