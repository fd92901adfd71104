/**
 * A statement that refuses a transaction has let its locks go when it is done. So a second connection keeps it waiting
 * for a moment: it holds a snapshot, and the weakest lock on every table, which such statements wait for.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Session } from "../../adapters/adapter.ts";
import { stronger } from "../../core/safety/effects/lock.ts";
import { type CatalogLook, lookAt } from "./look.ts";

const pollMs = 10;
/** A statement that waits for nobody is held no longer than this. */
const patienceMs = 1_500;

/** Runs it, and gives the locks that it held or wanted while it ran. */
export async function watchAlone(
  session: Session,
  openObserver: () => Promise<Session>,
  send: () => Promise<void>,
): Promise<CatalogLook> {
  const [{ pid = "0" } = {}] = await session.query("SELECT pg_backend_pid()::text AS pid");
  const observer = await openObserver();
  try {
    await observer.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
    const tables = await observer.query(everyTable);
    const list = tables.map(({ name }) => String(name)).join(", ");
    if (list !== "") await observer.query(`LOCK TABLE ${list} IN ACCESS SHARE MODE`);
    await observer.query("SELECT count(*) FROM pg_class");
    const ended = new AbortController();
    const running = send().finally(() => ended.abort());
    running.catch(() => undefined);
    const seen = await watch(observer, String(pid), ended.signal);
    await observer.query("COMMIT");
    await running;
    return seen;
  } finally {
    await observer.close();
  }
}

async function watch(observer: Session, pid: string, ended: AbortSignal): Promise<CatalogLook> {
  let seen: CatalogLook = new Map();
  for (let waited = 0; waited < patienceMs && !ended.aborted; waited += pollMs) {
    seen = strongest(seen, await lookAt(observer, pid));
    const [row] = await observer.query(
      `SELECT count(*)::int AS waiting FROM pg_locks WHERE pid = ${pid} AND NOT granted`,
    );
    const isWaiting = Number(row?.waiting) > 0;
    if (isWaiting) return strongest(seen, await lookAt(observer, pid));
    await pause(pollMs);
  }
  return seen;
}

function strongest(a: CatalogLook, b: CatalogLook): CatalogLook {
  const all = new Map(a);
  for (const [oid, one] of b) {
    const before = a.get(oid)?.lock;
    const lock =
      before === undefined || one.lock === undefined
        ? (one.lock ?? before)
        : stronger(before, one.lock);
    all.set(oid, { ...one, lock });
  }
  return all;
}

const everyTable = `SELECT c.oid::regclass::text AS name FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
WHERE relkind IN ('r', 'p') AND nspname !~ '^pg_' AND nspname <> 'information_schema'`;
