/** A schema as the catalog of PostgreSQL has it, where no `pg_dump` of the server's version is at hand. */

/** Lines that two databases with the same schema both have. What is ours, or another tool's, is left out. */
export const catalogLines = `
WITH rel AS (
  SELECT c.oid, n.nspname || '.' || c.relname AS name, c.relkind
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname NOT IN ('information_schema', 'drizzle', 'slipway')
    AND c.relname NOT LIKE 'slipway\\_%' AND c.relname NOT LIKE '%schema\\_migrations%'
    AND c.relname !~ '^(_prisma_migrations|migrations|flyway_schema_history)'
)
SELECT line FROM (
  SELECT 'column ' || rel.name || ' ' || a.attnum || ' ' || a.attname || ' ' || format_type(a.atttypid, a.atttypmod)
    || CASE WHEN a.attnotnull THEN ' not null' ELSE '' END
    || COALESCE(' default ' || pg_get_expr(d.adbin, d.adrelid), '') AS line
  FROM rel JOIN pg_attribute a ON a.attrelid = rel.oid AND a.attnum > 0
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  UNION ALL SELECT 'index ' || pg_get_indexdef(i.indexrelid) FROM pg_index i JOIN rel ON rel.oid = i.indrelid
  UNION ALL SELECT 'constraint ' || rel.name || ' ' || k.conname || ' ' || pg_get_constraintdef(k.oid)
    FROM pg_constraint k JOIN rel ON rel.oid = k.conrelid
  UNION ALL SELECT 'trigger ' || pg_get_triggerdef(t.oid) FROM pg_trigger t JOIN rel ON rel.oid = t.tgrelid WHERE NOT t.tgisinternal
  UNION ALL SELECT 'view ' || rel.name || ' ' || pg_get_viewdef(rel.oid) FROM rel WHERE rel.relkind IN ('v', 'm')
  UNION ALL SELECT 'function ' || pg_get_functiondef(p.oid) FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema' AND p.prokind IN ('f', 'p')
    AND p.proname NOT LIKE 'slipway\\_%'
  UNION ALL SELECT 'enum ' || t.typname || ' ' || string_agg(e.enumlabel, ',' ORDER BY e.enumsortorder)
    FROM pg_enum e JOIN pg_type t ON t.oid = e.enumtypid GROUP BY t.typname
) lines ORDER BY line`;
