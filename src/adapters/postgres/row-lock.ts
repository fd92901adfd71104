/**
 * The migration lock as a row, for servers whose advisory locks keep nobody out: a lease in `slipway_lock`, beside the
 * number of the lock. Each taking, renewal and release is one statement, which needs no more than transactions that
 * do not lose updates. `worker` is the holder, `taken_at` its last beat, and `earlier` how long it may be silent.
 */
import { randomUUID } from "node:crypto";
import type { LockHolder } from "../../core/model/errors.ts";
import type { Named } from "../../core/model/named.ts";
import { type HeldLock, heldLock, type LockConnection } from "../held-lock.ts";
import { shortWait, withTable } from "./fence.ts";
import { stringLiteral } from "./literal.ts";
import { errorKind } from "./messages.ts";
import { builtin, operator } from "./own-names.ts";
import { quoteNamed } from "./sql-text.ts";

export type RowLockRequest = {
  readonly name: string;
  readonly history: Named;
  readonly application: string;
  readonly leaseMs: number;
};

/** Tries once. The clock is the server's. */
export async function tryRowLock(
  connection: LockConnection,
  request: RowLockRequest,
): Promise<HeldLock | undefined> {
  const table = tableOf(request.history);
  const owner = randomUUID();
  const taken = await unlessBusy(() =>
    withTable(connection.query, table, () => connection.query(taking(table, request, owner))),
  );
  if (taken[0]?.worker !== owner) return undefined;
  const mine = `name ${is} ${stringLiteral(leaseOf(request.name))} AND worker ${is} ${stringLiteral(owner)}`;
  const set = async (change: string) =>
    (await connection.query(`UPDATE ${table} SET ${change} WHERE ${mine} RETURNING name`)).length >
    0;
  return heldLock({
    leaseMs: request.leaseMs,
    isHeld: () => onceFree(() => set(`taken_at = ${now}`)),
    unlock: () => onceFree(() => set("worker = NULL")),
    hangUp: () => connection.hangUp(),
  });
}

/** Who holds it; nobody when its lease is over. Reads only, and never throws. */
export async function findRowHolder(
  connection: Pick<LockConnection, "query">,
  { name, history }: Pick<RowLockRequest, "name" | "history">,
): Promise<LockHolder | undefined> {
  const held = `SELECT application, to_char(taken_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since FROM ${tableOf(history)} AS held WHERE name ${is} ${stringLiteral(leaseOf(name))} AND worker IS NOT NULL AND NOT ${isOver}`;
  const [row] = await connection.query(held).catch(() => []);
  if (row === undefined) return undefined;
  return { application: String(row.application), since: String(row.since) };
}

/**
 * True where the connection does not see that the lock is held: it reached another server. One whose lease is over is
 * seen too, for this process may have slept.
 */
export function isFreeRow({ name, history }: Pick<RowLockRequest, "name" | "history">): string {
  return `NOT EXISTS (SELECT FROM ${tableOf(history)} AS lease WHERE lease.name ${is} ${stringLiteral(leaseOf(name))} AND lease.worker IS NOT NULL)`;
}

const is = operator("=");
const now = builtin("clock_timestamp()");
const isOver = `(held.taken_at ${operator("+")} held.earlier::${builtin("interval")} ${operator("<")} ${now})`;

/** The first statement of two decides, and the second one finds a holder: its row stays as it is, and none comes back. */
function taking(
  table: string,
  { name, application, leaseMs }: RowLockRequest,
  owner: string,
): string {
  const texts = [leaseOf(name), application, owner, `${leaseMs} milliseconds`].map(stringLiteral);
  const [lease, by, worker, silence] = texts;
  return `${shortWait};
INSERT INTO ${table} AS held (name, fence, application, taken_at, worker, earlier) VALUES (${lease}, 1, ${by}, ${now}, ${worker}, ${silence})
ON CONFLICT (name) DO UPDATE SET fence = held.fence ${operator("+")} 1, application = excluded.application, taken_at = excluded.taken_at, worker = excluded.worker, earlier = excluded.earlier
WHERE held.worker IS NULL OR ${isOver} RETURNING worker`;
}

/** Of two that write the row at once the server may refuse one; it tries again as everybody who waits. */
async function unlessBusy<Answer>(
  work: () => Promise<readonly Answer[]>,
): Promise<readonly Answer[]> {
  try {
    return await work();
  } catch (error) {
    if (isBusy(error)) return [];
    throw error;
  }
}

/** A beat that others were in the way of is no loss: it is sent again until the lease is over. */
async function onceFree<Answer>(work: () => Promise<Answer>): Promise<Answer> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!isBusy(error)) throw error;
    }
  }
}

function isBusy(error: unknown): boolean {
  const kind = errorKind(error);
  return kind === "deadlock" || kind === "lock_timeout";
}

function tableOf(history: Named): string {
  return quoteNamed({ ...history, name: "slipway_lock" });
}

function leaseOf(name: string): string {
  return `lease of ${name}`;
}
