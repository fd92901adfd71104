/** The row that is the lock, as SQL. Times are the database's own, in milliseconds since 1970. */

import type { LockHolder } from "../../core/model/errors.ts";
import type { Statement } from "../../core/model/statement.ts";
import type { SqliteDatabase } from "./driver.ts";
import { literal } from "./quote.ts";
import { plain } from "./statement.ts";

/** Who a holder is, to the others. */
export type Owner = {
  /** Random: two runs of one process are two owners. */
  readonly owner: string;
  readonly host: string;
  readonly pid: number;
  readonly application: string;
};

/** A lock that was taken: its number grows with every taking. */
export type Taken = { readonly name: string; readonly owner: string; readonly fence: number };

export type LockRow = {
  readonly owner: string | null;
  readonly host: string | null;
  readonly pid: number | null;
  readonly application: string | null;
  readonly fence: number;
  readonly acquired_at: string | null;
  /** 1 or 0. */
  readonly expired: number;
};

/** A check constraint is what SQLite can say in words of ours from plain SQL. */
export const createLockTable = `CREATE TABLE IF NOT EXISTS slipway_lock (
  name TEXT NOT NULL PRIMARY KEY,
  owner TEXT,
  host TEXT,
  pid INTEGER,
  application TEXT,
  fence INTEGER NOT NULL CONSTRAINT "the migration lock was lost" CHECK (fence > 0),
  acquired_at TEXT,
  expires_at INTEGER NOT NULL
)`;

const nowMs = "CAST(unixepoch('subsec') * 1000 AS INTEGER)";

export function readLock(db: SqliteDatabase, name: string): LockRow | undefined {
  const columns = "owner, host, pid, application, fence, acquired_at";
  const sql = `SELECT ${columns}, expires_at < ${nowMs} AS expired FROM slipway_lock WHERE name = ?`;
  return db.prepare(sql).get(name) as LockRow | undefined;
}

/** Writes the owner into the row; to be called when it is known to be free. */
export function writeLock(
  db: SqliteDatabase,
  taken: Taken,
  options: Owner & { readonly leaseMs: number },
): void {
  const { host, pid, application, leaseMs } = options;
  db.prepare(
    `INSERT OR REPLACE INTO slipway_lock (name, owner, host, pid, application, fence, acquired_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, strftime('%Y-%m-%dT%H:%M:%SZ', 'now'), ${nowMs} + ?)`,
  ).run(taken.name, taken.owner, host, pid, application, taken.fence, leaseMs);
}

/** Lengthens the lease, if the row is still this owner's. */
export function renewal(taken: Taken, leaseMs: number): string {
  return `UPDATE slipway_lock SET expires_at = ${nowMs} + ${leaseMs} WHERE ${isOurs(taken)}`;
}

/** The row stays, without an owner, so that the number never starts again. */
export function releaseLock(db: SqliteDatabase, taken: Taken): void {
  const free =
    "owner = NULL, host = NULL, pid = NULL, application = NULL, acquired_at = NULL, expires_at = 0";
  db.exec(`UPDATE slipway_lock SET ${free} WHERE ${isOurs(taken)}`);
}

/**
 * Fails with `CHECK constraint failed: the migration lock was lost` when it is another's. Renews the lease once a quarter
 * of it is over: the row is a page more that each commit would write.
 */
export function proof(taken: Taken, leaseMs: number): readonly Statement[] {
  const lost = `INSERT INTO slipway_lock (name, fence, expires_at)
    SELECT ${literal(taken.name)}, 0, 0 WHERE NOT EXISTS (SELECT 1 FROM slipway_lock WHERE ${isOurs(taken)})`;
  const isShort = `expires_at < ${nowMs} + ${Math.round((leaseMs * 3) / 4)}`;
  return [plain(lost.replace(/\s+/g, " ")), plain(`${renewal(taken, leaseMs)} AND ${isShort}`)];
}

/** The holder of the lock, as Slipway shows it to others. */
export function holder(row: LockRow | undefined): LockHolder | undefined {
  if (row === undefined || row.owner === null) return undefined;
  const { pid, host, application, acquired_at: since } = row;
  return {
    pid: pid === null ? undefined : String(pid),
    host: host ?? undefined,
    application: application ?? undefined,
    since: since ?? undefined,
  };
}

function isOurs({ name, owner, fence: number }: Taken): string {
  return `name = ${literal(name)} AND owner = ${literal(owner)} AND fence = ${number}`;
}
