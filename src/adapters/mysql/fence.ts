/** A number that grows with each holder of the lock. Whoever has an older one can no longer commit. */
import type { Statement } from "../../core/model/statement.ts";
import type { Fence, FenceRequest } from "../adapter.ts";
import { endEarlier, readWorkers } from "./earlier-holder.ts";
import { literal } from "./literal.ts";
import { errorKind, errorNumber } from "./messages.ts";
import { createLockTable } from "./own-tables.ts";
import type { Query } from "./procedures/catalog.ts";
import type { MysqlProcedure } from "./procedures/procedure.ts";
import { quoteNamed } from "./sql-text.ts";

/** How long to wait for the transaction of an earlier holder, in seconds. Longer waits are for the caller to poll. */
const patienceSeconds = 1;

export type MysqlFenceRequest = FenceRequest & {
  readonly application: string;
  /**
   * The id that the connection got at the beginning; behind a pooler it is not that of the server.
   */
  readonly connectionId: number | null;
};

/**
 * Takes the next number. `undefined` while a transaction that proved an older one is still open: its row lock is in the way.
 */
export async function takeFence(
  query: Query,
  request: MysqlFenceRequest,
): Promise<Fence | undefined> {
  const table = quoteNamed({ ...request.history, name: "slipway_lock" });
  await query(
    `SET SESSION innodb_lock_wait_timeout = ${patienceSeconds}, lock_wait_timeout = ${patienceSeconds}`,
  );
  try {
    await ensureLockTable(query, table);
    await query("START TRANSACTION");
    const { number, earlier } = await takeNumber(query, table, request);
    await query("COMMIT");
    return {
      number,
      proof: [proof(table, request.name, number)],
      leave: async () => void (await query(leaving(table, { name: request.name, number }))),
      ...(earlier === undefined ? {} : { endEarlier: () => endEarlier(query, earlier) }),
    };
  } catch (error) {
    if (errorNumber(error) !== lockWaitTimeout) throw error;
    await query("ROLLBACK");
    return undefined;
  } finally {
    await query(
      "SET SESSION innodb_lock_wait_timeout = DEFAULT, lock_wait_timeout = DEFAULT",
    ).catch(() => undefined);
  }
}

/** Says that the holder of this number is no longer at work. */
export function leaving(
  table: string,
  { name, number }: { readonly name: string; readonly number: string },
): string {
  return `UPDATE ${table} SET worker = NULL WHERE name = ${literal(name)} AND fence = ${number}`;
}

/** The next number, and the connections of earlier holders that are still there. In a transaction. */
export async function takeNumber(
  query: Query,
  table: string,
  { name, application, connectionId }: MysqlFenceRequest,
): Promise<{ readonly number: string; readonly earlier: string | undefined }> {
  const holder = literal(application);
  const mine = `name = ${literal(name)}`;
  await query(
    `INSERT INTO ${table} (name, fence, application, taken_at) VALUES (${literal(name)}, 1, ${holder}, UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE fence = fence + 1, application = ${holder}, taken_at = UTC_TIMESTAMP()`,
  );
  const [row] = await query(
    `SELECT CAST(fence AS CHAR) AS fence, worker, earlier, CAST(CONNECTION_ID() AS CHAR) AS id FROM ${table} WHERE ${mine}`,
  );
  const list = [row?.worker, row?.earlier].flatMap((text) =>
    typeof text === "string" ? text.split(",") : [],
  );
  const { own, earlier } = await readWorkers(query, { id: String(row?.id), list });
  const worker = row?.id === String(connectionId) ? own : undefined;
  await query(
    `UPDATE ${table} SET worker = ${literal(worker)}, earlier = ${literal(earlier)} WHERE ${mine}`,
  );
  return { number: String(row?.fence), earlier };
}

/** Makes the table when it is missing, and completes an older one. Two histories may do so at once: whoever is second finds it. */
export async function ensureLockTable(query: Query, table: string): Promise<void> {
  try {
    await query(`SELECT worker, earlier FROM ${table} WHERE 1 = 0`);
    return;
  } catch (error) {
    const kind = errorKind(error);
    if (kind !== "table_missing" && kind !== "column_missing") throw error;
  }
  await query(createLockTable(table));
  for (const column of ["worker varchar(255)", "earlier text"]) {
    try {
      await query(`ALTER TABLE ${table} ADD COLUMN ${column}`);
    } catch (error) {
      if (errorKind(error) !== "already_exists") throw error;
    }
  }
}

/** The row lock keeps the next number from being taken until this transaction ends. */
function proof(table: string, name: string, number: string): Statement {
  const sql = `SELECT 1 FROM ${table} WHERE name = ${literal(name)} AND fence = ${number} LOCK IN SHARE MODE`;
  const procedure: MysqlProcedure = { name: "prove_lock", input: { sql } };
  return { sql, policy: { kind: "plain" }, procedure };
}

/** ER_LOCK_WAIT_TIMEOUT. */
const lockWaitTimeout = 1205;
