/** How far those who follow the server are behind, and how much it writes for them. PostgreSQL. */

import type { Signal, SignalContext } from "./signal.ts";
import { noMonitor, only } from "./untold.ts";

/**
 * The server's own figure stays where it was once a replica has caught up, and while one is silent: what has replayed
 * all that there is has no lag, and what has not come to where the server was at an earlier reading is as old as that.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
 */
export const replicaLag: Signal = {
  name: "replicaLagMs",
  limit: ({ replicaLagMs }) => replicaLagMs,
  async read(context, { replicaLagMs: most = 0 }) {
    const rows = await ask(
      context,
      `SELECT application_name, pid, state, (extract(epoch FROM replay_lag) * 1000)::bigint AS lag, ${bytes("replay_lsn")} AS replayed, ${bytes("pg_current_wal_flush_lsn()")} AS written FROM pg_stat_replication WHERE replay_lsn IS NOT NULL OR state IS NULL`,
    );
    for (const row of rows) {
      if (row.state === null) throw noMonitor();
      const replica = `replica ${String(row.application_name)} is`;
      if (row.state === "catchup") return `${replica} catching up`;
      const lag = lagOf(context, row);
      if (lag > most) return `${replica} ${lag} ms behind, more than ${most} ms`;
    }
    return undefined;
  },
};

function lagOf({ memory, now }: SignalContext, row: Readonly<Record<string, unknown>>): number {
  const replayed = Number(row.replayed);
  const value = Number(row.written);
  const key = String(row.pid);
  const mark = memory.get(key);
  const isPast = mark === undefined || replayed >= mark.value;
  if (isPast) memory.set(key, { at: now(), value });
  if (replayed >= value) return 0;
  return Math.max(Number(row.lag), isPast ? 0 : Math.round(now() - mark.at));
}

/** A slot whose reader is gone keeps log until the disk is full. One that is lost keeps nothing any more. */
export const slots: Signal = {
  name: "slotBytes",
  limit: ({ slotBytes }) => slotBytes,
  async read(context, { slotBytes: most = 0 }) {
    const [fullest] = await ask(
      context,
      "SELECT slot_name, pg_wal_lsn_diff(pg_current_wal_lsn(), restart_lsn) AS value FROM pg_replication_slots WHERE restart_lsn IS NOT NULL AND wal_status <> 'lost' ORDER BY restart_lsn LIMIT 1",
    );
    if (fullest === undefined || Number(fullest.value) <= most) return undefined;
    return `replication slot ${String(fullest.slot_name)} keeps ${String(fullest.value)} bytes of log, more than ${most}`;
  },
};

/** A shorter time than this says nothing about a rate. */
const leastMs = 1_000;

/** Between two readings, so the first one says nothing. */
export const walRate: Signal = {
  name: "walBytesPerSecond",
  limit: ({ walBytesPerSecond }) => walBytesPerSecond,
  async read(context, { walBytesPerSecond: most = 0 }) {
    const { now, memory } = context;
    const [row] = await ask(context, `SELECT ${bytes("pg_current_wal_insert_lsn()")} AS value`);
    const value = Number(row?.value);
    const at = now();
    const last = memory.get("walRate");
    let rate = last?.rate ?? 0;
    if (last === undefined || at - last.at >= leastMs) {
      if (last !== undefined) rate = Math.round(((value - last.value) / (at - last.at)) * 1000);
      memory.set("walRate", { at, value, rate });
    }
    return rate > most
      ? `the server writes ${rate} bytes of log a second, more than ${most}`
      : undefined;
  },
};

async function ask({ db, dialect }: SignalContext, sql: string) {
  only(dialect);
  return db.query(dialect.catalogOnly + sql);
}

/** A place in the log as a number. */
function bytes(place: string): string {
  return `pg_wal_lsn_diff(${place}, '0/0')`;
}
