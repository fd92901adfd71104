/** Measures how the nodes of a cluster hold each other up. */
import type { Signal } from "./signal.ts";
import { untold } from "./untold.ts";

/** A shorter time than this says nothing about a share. */
const leastMs = 1_000;

/**
 * A node that cannot follow makes all of them pause. The server adds up for how long; the share is that between two
 * readings, so the first one says nothing.
 * https://mariadb.com/docs/galera-cluster/reference/galera-cluster-status-variables
 */
export const flowControl: Signal = {
  name: "flowControlPaused",
  of: "server",
  limit: ({ flowControlPaused }) => flowControlPaused,
  async read({ db, dialect, now, memory }, { flowControlPaused: most = 0 }) {
    const { pausedNs } = dialect.backfill.cluster ?? {};
    const [row] = pausedNs === undefined ? [] : await db.query(pausedNs);
    if (row === undefined) throw untold(dialect);
    const at = now();
    const value = Number(row.Value) / 1_000_000;
    const last = memory.get("flowControl");
    let rate = last?.rate ?? 0;
    if (last === undefined || at - last.at >= leastMs) {
      if (last !== undefined) rate = Math.min(1, (value - last.value) / (at - last.at));
      memory.set("flowControl", { at, value, rate });
    }
    if (rate <= most) return undefined;
    return `flow control has paused the cluster for ${Math.round(rate * 100)}% of the time, more than ${Math.round(most * 100)}%`;
  },
};

/** The transactions of the cluster that this node has yet to do. */
export const receiveQueue: Signal = {
  name: "receiveQueue",
  of: "server",
  limit: ({ receiveQueue }) => receiveQueue,
  async read({ db, dialect }, { receiveQueue: most = 0 }) {
    const { queue } = dialect.backfill.cluster ?? {};
    const [row] = queue === undefined ? [] : await db.query(queue);
    if (row === undefined) throw untold(dialect);
    const length = Number(row.Value);
    return length > most
      ? `this node has ${length} transactions of the cluster to do, more than ${most}`
      : undefined;
  },
};
