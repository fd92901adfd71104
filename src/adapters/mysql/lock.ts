/**
 * The migration lock: a named lock of the server, on a separate connection.
 * It ends with the connection, and the server ends that when it was silent for the length of the lease.
 */
import { createHash } from "node:crypto";
import type { Named } from "../../core/model/named.ts";
import type { RunAtWork } from "../adapter.ts";
import { type HeldLock, heldLock, type LockConnection } from "../held-lock.ts";
import { literal } from "./literal.ts";
import { findRun } from "./lock-holder.ts";
import { quoteNamed } from "./sql-text.ts";

/**
 * Tries once.
 *
 * @throws {Error} when the server can neither give nor refuse the lock
 */
export async function tryNamedLock(
  connection: LockConnection,
  request: { readonly name: string; readonly leaseMs: number },
): Promise<HeldLock | undefined> {
  const { leaseMs } = request;
  const [setting] = await connection.query("SELECT DATABASE() AS repo");
  const name = lockName(String(setting?.repo), request.name);
  await connection.query(`SET SESSION wait_timeout = ${Math.ceil(leaseMs / 1000)}`);
  // Zero seconds is one try, on both servers. A negative number waits for ever on MySQL, and takes no lock on MariaDB.
  const [row] = await connection.query(`SELECT GET_LOCK(${literal(name)}, 0) AS taken`);
  if (row?.taken === 0) return undefined;
  if (row?.taken !== 1) throw new Error(`the server could not try the lock ${name}`);
  const says = async (question: string) =>
    (await connection.query(`SELECT ${question} AS answer`))[0]?.answer === 1;
  return heldLock({
    leaseMs,
    isHeld: () => says(`IS_USED_LOCK(${literal(name)}) = CONNECTION_ID()`),
    unlock: () => says(`RELEASE_LOCK(${literal(name)})`),
    hangUp: () => connection.hangUp(),
  });
}

/** The holder of the lock of this name on the database of the connection, and its work. Reads only. */
export async function readRun(
  query: LockConnection["query"],
  name: string,
  options: {
    readonly waits: boolean;
    readonly galera?: boolean | undefined;
    readonly history?: Named | undefined;
  },
): Promise<RunAtWork | undefined> {
  const [setting] = await query("SELECT DATABASE() AS repo");
  const here = await findRun(query, lockName(String(setting?.repo), name), options);
  if (here !== undefined || options.galera !== true) return here;
  const { clusterHolder } = await import("./cluster/cluster-holder.ts");
  const table = quoteNamed({ ...options.history, name: "slipway_lock" });
  return clusterHolder(query, { table, name });
}

/** Names are one space for the whole server, and have 64 characters at most. */
export function lockName(database: string, name: string): string {
  const hash = createHash("sha256").update(`${database}\0${name}`).digest("hex");
  return `slipway:${hash.slice(0, 48)}`;
}
