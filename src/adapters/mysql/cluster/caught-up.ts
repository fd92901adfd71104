/** Whether a node of a Galera cluster has done all that the cluster has committed. */
import type { MysqlConnection } from "../driver.ts";

/**
 * How long to wait for it. A change of a table keeps every node waiting until it is done, and neither
 * `max_statement_time` nor a lock timeout ends a wait for the cluster.
 */
const patienceMs = 1_000;

/**
 * Reads a row that the node gives only once it has caught up with all earlier commits of the
 * cluster. `false` when it does not do so in time; then the connection still waits, and must be
 * hung up on.
 * https://mariadb.com/docs/galera-cluster/reference/galera-cluster-system-variables#wsrep_sync_wait
 */
export async function isCaughtUp(connection: MysqlConnection): Promise<boolean> {
  const { promise: late, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), patienceMs);
  const read = connection.query("SET STATEMENT wsrep_sync_wait = 1 FOR SELECT 1").then(() => true);
  // A node that is cut off refuses it as a lock timeout.
  const answer = read.catch(() => false);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whether the node is cut off from most of the others: then it does nothing until it is back. */
export async function isCutOff(connection: MysqlConnection): Promise<boolean> {
  const { rows } = await connection.query("SHOW STATUS LIKE 'wsrep_ready'");
  return rows[0]?.Value === "OFF";
}
