/** Reads how far PostgreSQL's replicas, its log and its vacuum are. */
import type { SignalSql } from "../../core/language/backfill-sql.ts";
import type { Named } from "../../core/model/named.ts";
import { literal } from "./literal.ts";
import { catalogOnly, operator } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";

export const signals = (): SignalSql => ({
  // https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
  replicas: `${catalogOnly}SELECT application_name, pid, state, (extract(epoch FROM replay_lag) * 1000)::bigint AS lag, ${bytes("replay_lsn")} AS replayed, ${bytes("pg_current_wal_flush_lsn()")} AS written FROM pg_stat_replication WHERE replay_lsn IS NOT NULL OR state IS NULL`,
  // One that is lost keeps nothing any more.
  fullestSlot: `${catalogOnly}SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), restart_lsn) AS value FROM pg_replication_slots WHERE restart_lsn IS NOT NULL AND wal_status <> 'lost' ORDER BY restart_lsn LIMIT 1`,
  log: `${catalogOnly}SELECT ${bytes("pg_current_wal_insert_lsn()")} AS value`,
  vacuum,
});

/** A place in the log as a number. */
function bytes(place: string): string {
  return `pg_wal_lsn_diff(${place}, '0/0')`;
}

/**
 * Of a table in partitions it is these that are vacuumed. Whose vacuum others may not see has no table for them.
 * https://www.postgresql.org/docs/current/progress-reporting.html#VACUUM-PROGRESS-REPORTING
 */
function vacuum(table: Named): string {
  const is = operator("=");
  const relation = `pg_catalog.to_regclass(${literal(quoteNamed(table))})`;
  return `SELECT relid, phase FROM pg_catalog.pg_stat_progress_vacuum WHERE datname ${is} pg_catalog.current_database() AND (relid IS NULL OR relid ${is} ${relation} OR relid ${is} ANY (SELECT relid FROM pg_catalog.pg_partition_tree(${relation}))) ORDER BY relid LIMIT 1`;
}
