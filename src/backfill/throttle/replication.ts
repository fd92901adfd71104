/** How far those who follow the server are behind, and how much it writes for them. */

import { replicaLags } from "../../engine/traced.ts";
import type { Signal, SignalContext } from "./signal.ts";
import { noMonitor, signalsOf } from "./untold.ts";

/**
 * Measures the lag of replicas. The server's own figure stays the same once a replica has caught
 * up, and while one is silent. So a replica that has replayed everything has no lag; one that has
 * not reached the server's place at an earlier reading is as late as that reading is old.
 * https://www.postgresql.org/docs/current/monitoring-stats.html#MONITORING-PG-STAT-REPLICATION-VIEW
 */
export const replicaLag: Signal = {
  name: "replicaLagMs",
  of: "server",
  limit: ({ replicaLagMs }) => replicaLagMs,
  async read(context, { replicaLagMs: most = 0 }) {
    const { db, dialect } = context;
    const rows = await db.query(signalsOf(dialect).replicas);
    for (const row of rows) {
      if (row.state === null) throw noMonitor();
      const replica = `replica ${String(row.application_name)} is`;
      if (row.state === "catchup") return `${replica} catching up`;
      const lag = lagOf(context, row);
      if (replicaLags.hasSubscribers)
        replicaLags.publish({ replica: String(row.application_name), lagMs: lag });
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

/** A slot whose reader is gone keeps log until the disk is full. */
export const slots: Signal = {
  name: "slotBytes",
  of: "server",
  limit: ({ slotBytes }) => slotBytes,
  async read({ db, dialect }, { slotBytes: most = 0 }) {
    const [fullest] = await db.query(signalsOf(dialect).fullestSlot);
    if (fullest === undefined || Number(fullest.value) <= most) return undefined;
    return `replication slot ${String(fullest.slot_name)} keeps ${String(fullest.value)} bytes of log, more than ${most}`;
  },
};

/** A shorter time than this says nothing about a rate. */
const leastMs = 1_000;

/** Between two readings, so the first one says nothing. */
export const walRate: Signal = {
  name: "walBytesPerSecond",
  of: "server",
  limit: ({ walBytesPerSecond }) => walBytesPerSecond,
  async read(context, { walBytesPerSecond: most = 0 }) {
    const { now, memory, db, dialect } = context;
    const [row] = await db.query(signalsOf(dialect).log);
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
