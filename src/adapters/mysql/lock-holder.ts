/** Who holds a named lock, and what its run is at, as far as the server tells this user. */
import { shownQuery } from "../../core/model/blocker.ts";
import { mayBeOwn } from "../../core/sql/own-statement.ts";
import type { Row, RunAtWork } from "../adapter.ts";
import { literal } from "./literal.ts";
import { readLockWait } from "./lock-wait.ts";
import { type Process, readProcesses } from "./processes.ts";

/**
 * The holder of a lock, or nothing when it was just released. Since when is not known to any table of the server.
 * https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html
 */
export async function findRun(
  query: (sql: string) => Promise<readonly Row[]>,
  name: string,
  { waits }: { readonly waits: boolean },
): Promise<RunAtWork | undefined> {
  try {
    const [used] = await query(`SELECT CAST(IS_USED_LOCK(${literal(name)}) AS CHAR) AS pid`);
    if (typeof used?.pid !== "string") return undefined;
    const { worker, ...run } = describeRun(used.pid, await readProcesses(query));
    if (worker === undefined || !waits) return run;
    return { ...run, wait: await readLockWait(query, Number(worker)) };
  } catch {
    // Only for a message: without the right to look, the holder stays unknown.
    return undefined;
  }
}

/**
 * The holder's own connection is idle, so this looks at its sibling, the one that runs longest. A process that only
 * looks is a sibling too, so a statement that may be Slipway's own is left out, and its connection is given only where
 * there is no other.
 */
function describeRun(
  pid: string,
  processes: readonly Process[],
): RunAtWork & { readonly worker?: string } {
  const holder = processes.find(({ id }) => id === pid);
  if (holder === undefined) return { holder: { pid } };
  const { host } = holder;
  const siblings = processes
    .filter((process) => isSibling(process, holder))
    .toSorted((a, b) => b.seconds - a.seconds);
  const atWork = siblings.find(({ running = "" }) => !mayBeOwn(running));
  const { id: worker } = atWork ?? siblings[0] ?? {};
  const running = atWork === undefined ? {} : { running: shownQuery(atWork.running ?? "") };
  return { holder: { pid, host, ...running }, ...(worker === undefined ? {} : { worker }) };
}

/** The same user works from the same host on the same database; waiting for a lock is no work. */
function isSibling(process: Process, { id, user, host, database }: Process): boolean {
  const { running } = process;
  if (process.id === id || running === undefined || /^SELECT \w+_LOCK\(/.test(running))
    return false;
  return process.user === user && process.host === host && process.database === database;
}
