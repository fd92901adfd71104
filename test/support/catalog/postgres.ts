/** PostgreSQL's catalog, read by other queries than those of the source: a judge of its own. */

/**
 * PostgreSQL's catalog, one row per object. The constraints behind NOT NULL are left out: PostgreSQL 18 names
 * them after what the column was once called, and the column itself says whether it may be null.
 */
export const postgresCatalogSql = `
WITH spaces AS (
  SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), relations AS (
  SELECT c.*, s.nspname || '.' || c.relname AS path FROM pg_class c JOIN spaces s ON s.oid = c.relnamespace
)
SELECT 'schema' AS what, nspname::text AS name,
  jsonb_build_object('comment', obj_description(oid, 'pg_namespace')) AS facts FROM spaces
UNION ALL
SELECT 'extension', extname::text, jsonb_build_object('schema', nspname, 'version', extversion)
  FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
UNION ALL
SELECT CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' ELSE 'table' END, path,
  jsonb_build_object('persistence', relpersistence, 'options', reloptions, 'populated', relispopulated,
    'partitions', pg_get_partkeydef(oid), 'comment', obj_description(oid, 'pg_class'),
    'definition', CASE WHEN relkind IN ('v', 'm') THEN pg_get_viewdef(oid) END)
  FROM relations WHERE relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'column', path || '.' || attname,
  jsonb_build_object('position', row_number() OVER (PARTITION BY attrelid ORDER BY attnum),
    'type', format_type(atttypid, atttypmod), 'notNull', attnotnull, 'default', pg_get_expr(adbin, adrelid),
    'identity', attidentity, 'generated', attgenerated, 'collation', collname,
    'comment', col_description(attrelid, attnum))
  FROM pg_attribute JOIN relations r ON r.oid = attrelid
  LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
  LEFT JOIN pg_collation co ON co.oid = attcollation
  WHERE attnum > 0 AND NOT attisdropped AND relkind IN ('r', 'p', 'v', 'm', 'f')
UNION ALL
SELECT 'index', path, jsonb_build_object('definition', pg_get_indexdef(oid), 'valid', indisvalid,
    'ready', indisready, 'comment', obj_description(oid, 'pg_class'))
  FROM pg_index JOIN relations r ON r.oid = indexrelid
UNION ALL
SELECT 'constraint', path || '.' || conname, jsonb_build_object('definition', pg_get_constraintdef(c.oid),
    'validated', convalidated, 'comment', obj_description(c.oid, 'pg_constraint'))
  FROM pg_constraint c JOIN relations r ON r.oid = conrelid WHERE contype <> 'n'
UNION ALL
SELECT 'sequence', path, jsonb_build_object('type', format_type(seqtypid, NULL), 'start', seqstart,
    'increment', seqincrement, 'min', seqmin, 'max', seqmax, 'cache', seqcache, 'cycle', seqcycle,
    'owner', (SELECT refobjid::regclass || '.' || attname FROM pg_depend d
      JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE d.classid = 'pg_class'::regclass AND d.objid = seqrelid AND deptype IN ('a', 'i')))
  FROM pg_sequence JOIN relations r ON r.oid = seqrelid
UNION ALL
SELECT 'enum', nspname || '.' || typname,
    jsonb_build_object('values', (SELECT jsonb_agg(enumlabel ORDER BY enumsortorder) FROM pg_enum WHERE enumtypid = t.oid))
  FROM pg_type t JOIN spaces s ON s.oid = typnamespace WHERE typtype = 'e'
UNION ALL
SELECT 'trigger', path || '.' || tgname,
    jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', tgenabled)
  FROM pg_trigger t JOIN relations r ON r.oid = tgrelid WHERE NOT tgisinternal
UNION ALL
SELECT 'function', nspname || '.' || proname || '(' || pg_get_function_identity_arguments(p.oid) || ')',
    jsonb_build_object('definition', pg_get_functiondef(p.oid))
  FROM pg_proc p JOIN spaces s ON s.oid = pronamespace WHERE prokind IN ('f', 'p')
  AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_proc'::regclass AND objid = p.oid AND deptype = 'e')
ORDER BY 1, 2`;
