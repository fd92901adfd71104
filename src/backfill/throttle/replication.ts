/** How far those who follow the server are behind, and how much it writes for them. PostgreSQL. */
import type { Session } from "../../adapters/adapter.ts";
import type { Signal } from "./signals.ts";

/** https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW */
export const replicaLag: Signal = {
  name: "replicaLagMs",
  limit: ({ replicaLagMs }) => replicaLagMs,
  async read({ session }, { replicaLagMs: most = 0 }) {
    const rows = await ask(
      session,
      "SELECT application_name AS name, state, (coalesce(extract(epoch FROM replay_lag), 0) * 1000)::bigint::text AS value FROM pg_stat_replication ORDER BY replay_lag DESC NULLS LAST",
    );
    if (rows.some((row) => row.state === null))
      throw new Error("this user may not see pg_stat_replication (grant pg_monitor)");
    const [slowest] = rows;
    if (slowest === undefined || Number(slowest.value) <= most) return undefined;
    return `replica ${String(slowest.name)} is ${String(slowest.value)} ms behind, more than ${most} ms`;
  },
};

/** A slot whose reader is gone keeps log until the disk is full. */
export const slots: Signal = {
  name: "slotBytes",
  limit: ({ slotBytes }) => slotBytes,
  async read({ session }, { slotBytes: most = 0 }) {
    const [fullest] = await ask(
      session,
      "SELECT slot_name AS name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn)::bigint::text AS value FROM pg_replication_slots WHERE restart_lsn IS NOT NULL ORDER BY restart_lsn LIMIT 1",
    );
    if (fullest === undefined || Number(fullest.value) <= most) return undefined;
    return `replication slot ${String(fullest.name)} keeps ${String(fullest.value)} bytes of log, more than ${most}`;
  },
};

/** Between two readings, so the first one says nothing. */
export const walRate: Signal = {
  name: "walBytesPerSecond",
  limit: ({ walBytesPerSecond }) => walBytesPerSecond,
  async read({ session, now, memory }, { walBytesPerSecond: most = 0 }) {
    const [row] = await ask(
      session,
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::text AS value",
    );
    const value = Number(row?.value);
    const at = now();
    const last = memory.get("walRate");
    memory.set("walRate", { at, value });
    if (last === undefined || at <= last.at) return undefined;
    const rate = Math.round(((value - last.value) / (at - last.at)) * 1000);
    return rate > most
      ? `the server writes ${rate} bytes of log a second, more than ${most}`
      : undefined;
  },
};

async function ask(session: Session, sql: string) {
  if (session.dialect.name !== "postgres")
    throw new Error(`${session.dialect.label} does not tell this`);
  return session.query(sql);
}
