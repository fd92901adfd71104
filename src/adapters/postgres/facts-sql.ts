/**
 * The queries of facts to PostgreSQL's catalog: SELECTs that wait for no lock on a table, and read
 * no row of one.
 */
import { literal } from "./literal.ts";
import { catalogOnly, operator } from "./own-names.ts";

const shownName = (relation: string, schema: string) =>
  `CASE ${schema}.nspname WHEN 'public' THEN ${relation}.relname::text ELSE ${schema}.nspname || '.' || ${relation}.relname END`;

/** Not of the system, not of an extension, not of ours. */
const isTheirs = (own: string) =>
  `n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND left(c.relname, length(${literal(own)})) <> ${literal(own)} AND c.relname !~ '^slipway_' AND NOT EXISTS (SELECT 1 FROM pg_depend x WHERE x.classid = 'pg_class'::regclass AND x.objid = c.oid AND x.deptype = 'e')`;

/** A size function opens the table, and would wait for whoever has locked it. */
const free =
  "NOT EXISTS (SELECT 1 FROM pg_locks l WHERE l.relation = c.oid AND l.mode = 'AccessExclusiveLock')";

export const serverFacts = `${catalogOnly}SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major,
  to_char(coalesce((SELECT stats_reset FROM pg_stat_database WHERE datname = current_database()), pg_postmaster_start_time()) AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
  pg_database_size(current_database())::text AS bytes`;

/**
 * The settings that decide how long slow work takes, who it stops, and which rows a subscriber
 * gets.
 */
const settings = [
  "autovacuum",
  "default_transaction_isolation",
  "default_transaction_read_only",
  "hot_standby_feedback",
  "idle_in_transaction_session_timeout",
  "lock_timeout",
  "maintenance_work_mem",
  "max_connections",
  "max_locks_per_transaction",
  "max_parallel_maintenance_workers",
  "max_standby_streaming_delay",
  "max_wal_size",
  "shared_buffers",
  "statement_timeout",
  "synchronous_commit",
  "TimeZone",
  "transaction_timeout",
  "wal_level",
];

export const settingFacts = `${catalogOnly}SELECT name, current_setting(name) AS value FROM pg_settings WHERE name IN (${settings.map(literal).join(", ")})`;

export function tableFacts(own: string): string {
  return `${catalogOnly}SELECT ${shownName("c", "n")} AS name, c.relkind::text AS kind, c.relreplident::text AS identity,
  CASE WHEN c.relkind <> 'p' AND c.reltuples >= 0 AND (c.reltuples > 0 OR c.relpages > 0) THEN c.reltuples::float8::bigint::text END AS rows,
  CASE WHEN c.relkind = 'p' THEN NULL WHEN ${free} THEN pg_table_size(c.oid)::text ELSE (c.relpages::bigint * current_setting('block_size')::bigint)::text END AS bytes,
  CASE WHEN c.relkind <> 'p' AND ${free} THEN pg_indexes_size(c.oid)::text END AS index_bytes,
  (SELECT ${shownName("p", "pn")} FROM pg_inherits i JOIN pg_class p ON p.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = p.relnamespace WHERE i.inhrelid = c.oid AND c.relispartition) AS parent,
  s.n_tup_ins::text AS inserts, s.n_tup_upd::text AS updates, s.n_tup_del::text AS deletes
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_stat_user_tables s ON s.relid = c.oid
  WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't' AND ${isTheirs(own)}
  ORDER BY 1`;
}

export function indexFacts(own: string): string {
  return `${catalogOnly}SELECT i.relname::text AS name, ${shownName("c", "n")} AS table, x.indisunique AS unique, x.indisvalid AS valid,
  CASE WHEN i.relkind = 'i' AND ${free} THEN pg_relation_size(i.oid)::text END AS bytes, s.idx_scan::text AS scans
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class c ON c.oid = x.indrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_stat_user_indexes s ON s.indexrelid = i.oid
  WHERE c.relkind IN ('r', 'm', 'p') AND c.relpersistence <> 't' AND ${isTheirs(own)}
  ORDER BY 2, 1`;
}

/**
 * Functions of extensions. One in SQL may be put in place, and what is in it decides then. Names
 * that the database has itself are left out, because a call may mean those.
 */
export const functionFacts = `${catalogOnly}SELECT p.proname::text AS name,
  CASE WHEN count(DISTINCT p.provolatile) > 1 OR bool_or(l.lanname = 'sql' AND p.provolatile <> 'i') THEN 'mixed'
    ELSE (CASE min(p.provolatile) WHEN 'i' THEN 'immutable' WHEN 's' THEN 'stable' ELSE 'volatile' END) END AS volatility
  FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang
  JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e'
  WHERE NOT EXISTS (SELECT 1 FROM pg_proc b WHERE b.proname = p.proname AND b.pronamespace = 'pg_catalog'::regnamespace)
  GROUP BY p.proname ORDER BY 1`;

/**
 * One row when anything is replicated: `nodes` where it may be by pglogical, `subscribed` where this database
 * receives rows and this user may read of which tables.
 */
export const anyReplication = `SELECT * FROM (SELECT pg_catalog.current_setting('server_version_num') AS version,
  EXISTS (SELECT FROM pg_catalog.pg_publication) AS published,
  EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname ${operator("=")} 'pglogical') AS nodes,
  EXISTS (SELECT subname FROM pg_catalog.pg_subscription WHERE subdbid ${operator("=")} (SELECT oid FROM pg_catalog.pg_database WHERE datname ${operator("=")} pg_catalog.current_database()))
    AND pg_catalog.has_column_privilege('pg_catalog.pg_subscription', 'oid', 'SELECT') AS subscribed) AS p WHERE published OR nodes OR subscribed`;

/**
 * Replication sets of pglogical as publications. A user without the right to look has none of them.
 * https://github.com/2ndQuadrant/pglogical#replication-sets
 */
export const pglogicalFacts = `${catalogOnly}SELECT 'pglogical set ' || s.set_name AS name, false AS all_tables, s.replicate_insert AS insert, s.replicate_update AS update, s.replicate_delete AS delete, s.replicate_truncate AS truncate,
  ${shownName("c", "n")} AS table, NULL::text AS columns, NULL::text AS where
  FROM pglogical.replication_set s JOIN pglogical.replication_set_table t ON t.set_id = s.set_id JOIN pg_class c ON c.oid = t.set_reloid JOIN pg_namespace n ON n.oid = c.relnamespace
  ORDER BY 1, 7`;

export const mayReadPglogical =
  "SELECT pg_catalog.has_schema_privilege('pglogical', 'USAGE') AND pg_catalog.has_table_privilege('pglogical.replication_set_table', 'SELECT') AND pg_catalog.has_table_privilege('pglogical.replication_set', 'SELECT') AS may";

/** Before 15 a publication has neither columns nor a WHERE. */
export function publicationFacts(major: number): string {
  const columns =
    major < 15
      ? "NULL::text AS columns, NULL::text AS where"
      : `(SELECT json_agg(a.attname ORDER BY a.attnum)::text FROM pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs)) AS columns, pg_get_expr(r.prqual, r.prrelid) AS where`;
  return `${catalogOnly}SELECT p.pubname::text AS name, p.puballtables AS all_tables, p.pubinsert AS insert, p.pubupdate AS update, p.pubdelete AS delete, p.pubtruncate AS truncate,
  ${shownName("c", "n")} AS table, ${columns}
  FROM pg_publication p LEFT JOIN (pg_publication_tables t JOIN pg_namespace n ON n.nspname = t.schemaname JOIN pg_class c ON c.relname = t.tablename AND c.relnamespace = n.oid) ON t.pubname = p.pubname
  LEFT JOIN pg_publication_rel r ON r.prpubid = p.oid AND r.prrelid = c.oid
  ORDER BY 1, 7`;
}

export const subscriptionFacts = `${catalogOnly}SELECT s.subname::text AS name, array_to_json(s.subpublications)::text AS publications,
  (SELECT json_agg(${shownName("c", "n")} ORDER BY 1)::text FROM pg_subscription_rel r JOIN pg_class c ON c.oid = r.srrelid JOIN pg_namespace n ON n.oid = c.relnamespace WHERE r.srsubid = s.oid) AS tables
  FROM pg_subscription s WHERE s.subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) ORDER BY 1`;

export const replicaFacts = `${catalogOnly}SELECT application_name AS name, 'standby' AS kind, NULL::text AS plugin, true AS active FROM pg_stat_replication
  WHERE NOT EXISTS (SELECT 1 FROM pg_replication_slots o WHERE o.active_pid = pid AND o.slot_type = 'logical')
  UNION ALL SELECT slot_name::text, slot_type || ' slot', plugin::text, active FROM pg_replication_slots WHERE database IS NULL OR database = current_database()
  ORDER BY 2, 1`;

/**
 * A line for each column, constraint and index. Names are whole, because the search path is the catalog's alone. To write
 * out an expression the server opens its table, and this is not worth a long wait for whoever has locked it.
 */
export function shapeFacts(own: string): string {
  const from = "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace";
  const where = `WHERE c.relkind IN ('r', 'm', 'p', 'v') AND c.relpersistence <> 't' AND ${isTheirs(own)}`;
  const place = "n.nspname || '.' || c.relname";
  return `${catalogOnly}SET LOCAL lock_timeout = '1s';\nSELECT concat_ws(' ', ${place}, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)) AS line
  ${from} JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum ${where}
  UNION ALL SELECT concat_ws(' ', ${place}, k.conname, pg_get_constraintdef(k.oid)) ${from} JOIN pg_constraint k ON k.conrelid = c.oid AND k.contype <> 'n' ${where}
  UNION ALL SELECT concat_ws(' ', ${place}, pg_get_indexdef(x.indexrelid)) ${from} JOIN pg_index x ON x.indrelid = c.oid ${where}`;
}
