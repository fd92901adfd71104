/**
 * The migration lock of a Galera cluster, as SQL. A named lock and a row lock are of one node, and certification decides
 * between two transactions that write the same row. So the lock is written: a lease that beats, and a row that each
 * transaction of the holder writes to prove that the lock is its own. Both stand in the table of the lock, beside the
 * number.
 */
import type { LockHolder } from "../../../core/model/errors.ts";
import type { Statement } from "../../../core/model/statement.ts";
import type { Row } from "../../adapter.ts";
import { literal } from "../literal.ts";
import type { MysqlProcedure } from "../procedures/procedure.ts";

/** The holder of the lease, as others read it. */
export type Claimant = {
  /** Of the node that it is connected to; another one when the node was started anew. */
  readonly node: string;
  /** How the node calls itself. */
  readonly nodeName: string;
  readonly host: string;
  readonly pid: number;
  readonly leaseMs: number;
};

/** The lease as it is now. */
export type LeaseRow = {
  /** Changes with each beat. */
  readonly beat: string;
  /** Nobody's, where it is free. */
  readonly owner: string | undefined;
  readonly claimant: Claimant | undefined;
  readonly application: string | undefined;
  /** How long ago the last beat was, by the clocks of two nodes: good for words and for nothing else. */
  readonly silentMs: number;
};

/** The rows of one lock, in its table. */
export type LeasePlace = { readonly table: string; readonly name: string };

export async function readLease(
  query: (sql: string) => Promise<readonly Row[]>,
  place: LeasePlace,
): Promise<LeaseRow | undefined> {
  const [row] = await query(
    `SELECT CAST(fence AS CHAR) AS beat, worker, earlier, application, TIMESTAMPDIFF(SECOND, taken_at, UTC_TIMESTAMP()) AS silent FROM ${place.table} WHERE name = ${lease(place)}`,
  );
  if (row === undefined) return undefined;
  const text = (value: unknown) => (typeof value === "string" ? value : undefined);
  return {
    beat: String(row.beat),
    owner: text(row.worker),
    claimant: typeof row.earlier === "string" ? (JSON.parse(row.earlier) as Claimant) : undefined,
    application: text(row.application),
    silentMs: Number(row.silent ?? 0) * 1_000,
  };
}

/** The holder of the lock, as Slipway shows it to others. */
export function holderOf({ owner, claimant, application }: LeaseRow): LockHolder | undefined {
  if (owner === undefined || claimant === undefined) return undefined;
  const { pid, host, nodeName } = claimant;
  return { pid: String(pid), host: `${host} (by the node ${nodeName})`, application };
}

export function makeRows({ table, name }: LeasePlace): string {
  return `INSERT IGNORE INTO ${table} (name, fence) VALUES (${lease({ name })}, 0), (${proven({ name })}, 0)`;
}

/** Changes one row while the lease is as it was read. */
export function takeRow(
  { table, name }: LeasePlace,
  seen: LeaseRow,
  mine: { readonly owner: string; readonly claimant: Claimant; readonly application: string },
): string {
  return `UPDATE ${table} SET fence = fence + 1, worker = ${literal(mine.owner)}, earlier = ${literal(JSON.stringify(mine.claimant))}, application = ${literal(mine.application)}, taken_at = UTC_TIMESTAMP() WHERE name = ${lease({ name })} AND fence = ${seen.beat} AND worker <=> ${literal(seen.owner)}`;
}

/** What a holder proves: its number, and who it is, since numbers begin anew where somebody empties the table. */
export type Proven = { readonly number: string; readonly owner: string };

/** In the same transaction: from now on this number is proven. */
export function proveNumber({ table, name }: LeasePlace, mine: Proven): string {
  return `UPDATE ${table} SET fence = fence + 1, worker = ${literal(words(mine))} WHERE name = ${proven({ name })}`;
}

/** Changes one row while the lease is this owner's. */
export function beatRow({ table, name }: LeasePlace, owner: string): string {
  return `UPDATE ${table} SET fence = fence + 1, taken_at = UTC_TIMESTAMP() WHERE ${isOwn({ name }, owner)}`;
}

export function freeRow({ table, name }: LeasePlace, owner: string): string {
  return `UPDATE ${table} SET fence = fence + 1, worker = NULL, earlier = NULL, application = NULL, taken_at = NULL WHERE ${isOwn({ name }, owner)}`;
}

/**
 * Written, and not only locked: a transaction that locked a row of another node's is replayed behind the one that
 * changed it, and commits.
 */
export function writtenProof({ table, name }: LeasePlace, of: Proven): Statement {
  const mine = `name = ${proven({ name })} AND worker = ${literal(words(of))}`;
  const sql = `SELECT 1 FROM ${table} WHERE ${mine} LOCK IN SHARE MODE`;
  const write = `UPDATE ${table} SET fence = fence + 1 WHERE ${mine}`;
  const procedure: MysqlProcedure = { name: "prove_lock", input: { sql, write } };
  return { sql: write, policy: { kind: "plain" }, procedure };
}

function words({ number, owner }: Proven): string {
  return `${number} ${owner}`;
}

function isOwn({ name }: Pick<LeasePlace, "name">, owner: string): string {
  return `name = ${lease({ name })} AND worker = ${literal(owner)}`;
}

function lease({ name }: Pick<LeasePlace, "name">): string {
  return literal(`${name} (lease)`);
}

function proven({ name }: Pick<LeasePlace, "name">): string {
  return literal(`${name} (proof)`);
}
