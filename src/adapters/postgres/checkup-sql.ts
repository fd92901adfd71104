/**
 * The queries of a checkup to PostgreSQL's catalog and statistics. Each is one SELECT, and reads no
 * row of anybody's table.
 */
import { catalogOnly } from "./own-names.ts";

const who = "quote_ident(current_user) AS who";

export const serverSql = `${catalogOnly}SELECT current_setting('server_version') AS version, current_setting('server_version_num')::int / 10000 AS major`;

/** https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-SSL-VIEW */
export const encryptionSql = `${catalogOnly}SELECT s.ssl, s.version, host(inet_server_addr()) AS address,
  inet_server_addr() IS NULL OR host(inet_server_addr()) LIKE '127.%' OR host(inet_server_addr()) = '::1' OR inet_server_addr() = inet_client_addr() AS local
  FROM pg_stat_ssl s WHERE s.pid = pg_backend_pid()`;

export const primarySql = `${catalogOnly}SELECT pg_is_in_recovery() AS standby, current_setting('transaction_read_only') = 'on' AS read_only, ${who}`;

/** Only the owner of a table may alter it. https://www.postgresql.org/docs/current/ddl-priv.html */
export const ownersSql = `${catalogOnly}SELECT CASE n.nspname WHEN 'public' THEN c.relname::text ELSE n.nspname || '.' || c.relname END AS name, quote_ident(o.rolname) AS owner, ${who}
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles o ON o.oid = c.relowner
  WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT pg_has_role(c.relowner, 'USAGE')
    AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
  ORDER BY 1`;

/** A setting without a unit of time has no `ms`. */
export const settingsSql = `${catalogOnly}SELECT name, setting, CASE unit WHEN 'ms' THEN setting::bigint::text WHEN 's' THEN (setting::bigint * 1000)::text END AS ms, ${who}
  FROM pg_settings WHERE name IN ('transaction_timeout', 'idle_session_timeout', 'default_transaction_isolation', 'session_replication_role') ORDER BY name`;

export const clockSql = `${catalogOnly}SELECT round(extract(epoch FROM clock_timestamp()) * 1000)::bigint::text AS ms`;

/** A limit of -1 is none. Connections that are kept for superusers are not for Slipway. */
export const connectionsSql = `${catalogOnly}SELECT
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int - coalesce(current_setting('reserved_connections', true)::int, 0) AS server_limit,
  (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend') AS server_used,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()) AS database_limit,
  (SELECT count(*)::int FROM pg_stat_activity WHERE datname = current_database() AND backend_type = 'client backend') AS database_used,
  (SELECT rolconnlimit FROM pg_roles WHERE rolname = session_user) AS role_limit,
  (SELECT count(*)::int FROM pg_stat_activity WHERE usename = session_user AND backend_type = 'client backend') AS role_used`;

/**
 * Standbys with how far they are behind, and the slots of this database that nobody reads, with the WAL that they
 * keep.
 */
export const replicasSql = `${catalogOnly}SELECT coalesce(nullif(application_name, ''), host(client_addr), pid::text) AS name, true AS active,
  round(extract(epoch FROM replay_lag) * 1000)::bigint::text AS lag_ms, NULL::text AS kept FROM pg_stat_replication
  UNION ALL SELECT slot_name::text, false, NULL, CASE WHEN NOT pg_is_in_recovery() AND restart_lsn IS NOT NULL THEN pg_size_pretty(pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)) ELSE 'nothing' END
  FROM pg_replication_slots WHERE NOT active AND (database IS NULL OR database = current_database()) ORDER BY 1`;

export const extensionsSql = `${catalogOnly}SELECT e.extname::text AS name, quote_ident(e.extname) AS quoted, e.extversion AS installed, a.default_version AS available
  FROM pg_extension e JOIN pg_available_extensions a ON a.name = e.extname WHERE a.default_version <> e.extversion ORDER BY 1`;

export const indexesSql = `${catalogOnly}SELECT CASE n.nspname WHEN 'public' THEN quote_ident(i.relname) ELSE quote_ident(n.nspname) || '.' || quote_ident(i.relname) END AS name
  FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_namespace n ON n.oid = i.relnamespace
  WHERE NOT x.indisvalid AND i.relkind = 'i' AND n.nspname !~ '^pg_' ORDER BY 1`;

export const preparedSql = `${catalogOnly}SELECT gid, quote_literal(gid) AS quoted, round(extract(epoch FROM clock_timestamp() - prepared) * 1000)::bigint::text AS age_ms
  FROM pg_prepared_xacts WHERE database = current_database() AND clock_timestamp() - prepared > interval '1 minute' ORDER BY prepared`;

/** https://www.postgresql.org/docs/current/routine-vacuuming.html#VACUUM-FOR-WRAPAROUND */
export const vacuumSql = `${catalogOnly}SELECT p.relid::regclass::text AS name FROM pg_stat_progress_vacuum p JOIN pg_stat_activity a ON a.pid = p.pid
  WHERE p.datname = current_database() AND a.backend_type = 'autovacuum worker' AND a.query LIKE '%(to prevent wraparound)%' ORDER BY 1`;
