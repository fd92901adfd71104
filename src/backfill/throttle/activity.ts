/** What others are doing on the server. Our own connections, which call themselves slipway, do not count. */
import type { Session } from "../../adapters/adapter.ts";
import type { Dialect } from "../../core/dialect.ts";
import type { Signal } from "./signals.ts";

/** Connections of others that are at work. */
export const activeConnections: Signal = {
  name: "activeConnections",
  limit: ({ activeConnections: most }) => most,
  async read({ session }, { activeConnections: most = 0 }) {
    const active = await numberOf(session, activeSql, "active connections");
    return active > most ? `${active} connections are at work, more than ${most}` : undefined;
  },
};

/** The oldest transaction of others: it keeps dead rows from being cleared away. */
export const longTransaction: Signal = {
  name: "longTransactionMs",
  limit: ({ longTransactionMs: most }) => most,
  async read({ session }, { longTransactionMs: most = 0 }) {
    const age = await numberOf(session, oldestSql, "transactions");
    return age > most ? `a transaction is open for ${age} ms, longer than ${most} ms` : undefined;
  },
};

type Sql = { readonly [Name in Dialect["name"]]?: string };

/** https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-ACTIVITY-VIEW */
const others =
  "pid <> pg_backend_pid() AND application_name NOT LIKE 'slipway%' AND backend_type = 'client backend'";

const activeSql: Sql = {
  postgres: `SELECT count(*) AS value FROM pg_stat_activity WHERE state IN ('active', 'fastpath function call') AND ${others}`,
  mysql:
    "SELECT count(*) AS value FROM information_schema.processlist WHERE command NOT IN ('Sleep', 'Daemon', 'Binlog Dump') AND id <> CONNECTION_ID()",
};

const oldestSql: Sql = {
  postgres: `SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start) * 1000), 0)::bigint AS value FROM pg_stat_activity WHERE xact_start IS NOT NULL AND ${others}`,
  mysql:
    "SELECT coalesce(max(timestampdiff(MICROSECOND, trx_started, now())) div 1000, 0) AS value FROM information_schema.innodb_trx WHERE trx_mysql_thread_id <> CONNECTION_ID()",
};

async function numberOf(session: Session, sql: Sql, what: string): Promise<number> {
  const text = sql[session.dialect.name];
  if (text === undefined) throw new Error(`${session.dialect.label} does not tell its ${what}`);
  const [row] = await session.query(text);
  return Number(row?.value);
}
