/**
 * The migration lock: a transaction-level advisory lock on a separate connection.
 * The end of the transaction or of the connection is the unlock, so there is none that could fail.
 */
import { createHash } from "node:crypto";
import { type HeldLock, heldLock, type LockConnection } from "../held-lock.ts";
import { holderQuery, type SeenRun, seenRun } from "./lock-holder.ts";
import { catalogOnly } from "./own-names.ts";

/**
 * Tries once. The transaction stays open only when the lock was taken, and the server ends it when
 * it stays silent for `leaseMs`. Every statement goes by the simple protocol: an extended one
 * leaves a portal open that pins a snapshot, and then CREATE INDEX CONCURRENTLY elsewhere waits for
 * ever.
 */
export async function tryAdvisoryLock(
  connection: LockConnection,
  request: { readonly name: string; readonly leaseMs: number },
): Promise<HeldLock | undefined> {
  const [row] = await connection.query(
    `BEGIN ISOLATION LEVEL READ COMMITTED;
${catalogOnly}SET LOCAL idle_in_transaction_session_timeout = ${request.leaseMs};
SELECT set_config(name, '0', true) FROM pg_settings WHERE name = 'transaction_timeout';
SELECT pg_try_advisory_xact_lock(${lockKey(request.name)}) AS taken`,
  );
  if (row?.taken !== true) {
    await connection.query("ROLLBACK");
    return undefined;
  }
  return heldLock({
    leaseMs: request.leaseMs,
    isHeld: async () => (await connection.query(hello)).length > 0,
    unlock: async () => {
      await connection.query("ROLLBACK");
      return true;
    },
    hangUp: () => connection.hangUp(),
  });
}

/**
 * Takes no snapshot, unlike SELECT: a concurrent index build that meets one waits for the end of this transaction. Twice,
 * for Pgpool-II sends a single SHOW to a standby, and then the server that has the lock hears nothing.
 */
const hello = "SHOW transaction_isolation; SHOW transaction_isolation";

/**
 * True when a second connection could have the lock that the first one holds: the engine grants it to everybody, or the
 * two connections reached two servers. A statement by itself gives it back at once.
 */
export function isFreeSql(name: string): string {
  return `pg_catalog.pg_try_advisory_xact_lock(${lockKey(name)})`;
}

/** 64 bits of the name's hash. */
function lockKey(name: string): bigint {
  return createHash("sha256").update(name).digest().readBigInt64BE();
}

/** The holder of the lock of this name, and its work. Reads only. */
export async function findRun(
  connection: Pick<LockConnection, "query">,
  { name, leaseMs }: { readonly name: string; readonly leaseMs: number },
): Promise<SeenRun | undefined> {
  try {
    return seenRun(await connection.query(catalogOnly + holderQuery(lockKey(name))), leaseMs);
  } catch {
    // Only for a message: without the right to look, the holder stays unknown.
    return undefined;
  }
}
