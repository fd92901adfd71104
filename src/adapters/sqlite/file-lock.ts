/** The lock of a file: taken under `BEGIN IMMEDIATE`, kept by a heartbeat, proven by a fence. */
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lease, LockAttempt } from "../adapter.ts";
import { type Connection, isBusy } from "./connection.ts";
import type { SqliteDatabase } from "./driver.ts";
import type { Lock } from "./lock.ts";
import {
  createLockTable,
  holder,
  type LockRow,
  proof,
  readLock,
  releaseLock,
  renewal,
  type Taken,
  writeLock,
} from "./lock-row.ts";

export type FileLockOptions = { readonly application: string; readonly leaseMs: number };

/** A lock that holds between processes. The connection must not wait for other writers. */
export function fileLock(connection: Connection, options: FileLockOptions): Lock {
  const { application, leaseMs } = options;
  const owner = { owner: randomUUID(), host: hostname(), pid: process.pid, application };
  const leases = new Set<Lease>();
  let busyAt = Number.NEGATIVE_INFINITY;

  /**
   * A holder whose own transaction is long cannot write its heartbeat, and then its lease is over when it
   * commits. So whoever just saw the file busy gives it the time of a heartbeat and more.
   */
  const isFree = (row: LockRow | undefined) =>
    row === undefined ||
    row.owner === null ||
    isDead(row) ||
    (row.expired === 1 && performance.now() - busyAt > leaseMs / 2);

  const take = (db: SqliteDatabase, name: string): Taken | LockRow => {
    db.exec(createLockTable);
    const row = readLock(db, name);
    if (row !== undefined && !isFree(row)) return row;
    const taken = { name, owner: owner.owner, fence: (row?.fence ?? 0) + 1 };
    writeLock(db, taken, { ...owner, leaseMs });
    return taken;
  };

  return {
    tryLock: async (name): Promise<LockAttempt> => {
      const db = connection.writing();
      try {
        const result = inTransaction(db, () => take(db, name));
        if (!("name" in result)) return { holder: holder(result) };
        const lease = keep(db, result, leaseMs);
        leases.add(lease);
        return { lease };
      } catch (error) {
        if (!isBusy(error)) throw error;
        busyAt = performance.now();
        return { holder: holder(peek(db, name)) ?? anotherWriter };
      }
    },
    close: async () => {
      for (const lease of leases) await lease.release();
    },
  };
}

/** Nobody has the lock, and nobody can take it meanwhile. */
const anotherWriter = {
  application: "a transaction of another program, which keeps the file busy",
};

/** A holder that ended on this machine left its row behind. Signal 0 only asks. */
function isDead({ host, pid }: LockRow): boolean {
  if (host !== hostname() || pid === null) return false;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "ESRCH";
  }
}

function inTransaction<Result>(db: SqliteDatabase, work: () => Result): Result {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

/** Who holds it, when the file is too busy to ask properly. */
function peek(db: SqliteDatabase, name: string): LockRow | undefined {
  try {
    return readLock(db, name);
  } catch {
    // The name of the holder is a courtesy; the file is busy or has no such table yet.
    return undefined;
  }
}

function keep(db: SqliteDatabase, taken: Taken, leaseMs: number): Lease {
  const lost = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const beatIn = (pauseMs: number) => {
    timer = setTimeout(beat, pauseMs).unref();
  };
  const beat = () => {
    const result = renew(db, taken, leaseMs);
    if (result === "lost") return lost.abort(new Error("the migration lock was lost"));
    beatIn(result === "busy" ? Math.min(100, leaseMs / 10) : leaseMs / 3);
  };
  beatIn(leaseMs / 3);
  let released = false;
  return {
    lost: lost.signal,
    fence: { number: String(taken.fence), proof: proof(taken, leaseMs) },
    release: async () => {
      if (released) return;
      released = true;
      clearTimeout(timer);
      await giveBack(db, taken);
    },
  };
}

/** A busy file is fine for a while: whoever makes it busy keeps others from taking the lock too. */
function renew(db: SqliteDatabase, taken: Taken, leaseMs: number): "renewed" | "busy" | "lost" {
  try {
    return Number(db.prepare(renewal(taken, leaseMs)).run().changes) === 1 ? "renewed" : "lost";
  } catch (error) {
    return isBusy(error) ? "busy" : "lost";
  }
}

/** Tries for two seconds; after that, the end of this process or of the lease frees the lock. */
async function giveBack(db: SqliteDatabase, taken: Taken): Promise<void> {
  for (let tries = 0; tries < 40; tries += 1) {
    try {
      return releaseLock(db, taken);
    } catch (error) {
      if (!isBusy(error)) throw error;
      await sleep(50);
    }
  }
}
