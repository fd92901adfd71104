/** A number that grows with each holder of the lock. Whoever has an older one can no longer commit. */
import type { Statement } from "../../core/dialect.ts";
import type { Fence, FenceRequest } from "../adapter.ts";
import { literal } from "./literal.ts";
import { errorKind, errorNumber } from "./messages.ts";
import type { Query } from "./procedures/catalog.ts";
import type { Procedure } from "./procedures/procedure.ts";
import { quoteNamed } from "./sql-text.ts";

/** How long to wait for the transaction of an earlier holder, in seconds. Longer waits are for the caller to poll. */
const patienceSeconds = 1;

/**
 * Takes the next number. `undefined` while a transaction that proved an older one is still open: its row lock is in the way.
 */
export async function takeFence(
  query: Query,
  request: FenceRequest & { readonly application: string },
): Promise<Fence | undefined> {
  const table = quoteNamed({ ...request.history, name: "slipway_lock" });
  await ensureTable(query, table);
  const number = await nextNumber(query, table, request);
  return number === undefined ? undefined : { number, proof: [proof(table, request.name, number)] };
}

async function nextNumber(
  query: Query,
  table: string,
  { name, application }: { readonly name: string; readonly application: string },
): Promise<string | undefined> {
  const holder = literal(application);
  await query(`SET SESSION innodb_lock_wait_timeout = ${patienceSeconds}`);
  try {
    await query("START TRANSACTION");
    await query(
      `INSERT INTO ${table} (name, fence, application, taken_at) VALUES (${literal(name)}, 1, ${holder}, UTC_TIMESTAMP()) ON DUPLICATE KEY UPDATE fence = fence + 1, application = ${holder}, taken_at = UTC_TIMESTAMP()`,
    );
    const [row] = await query(
      `SELECT CAST(fence AS CHAR) AS fence FROM ${table} WHERE name = ${literal(name)}`,
    );
    await query("COMMIT");
    return String(row?.fence);
  } catch (error) {
    if (errorNumber(error) !== lockWaitTimeout) throw error;
    await query("ROLLBACK");
    return undefined;
  } finally {
    await query("SET SESSION innodb_lock_wait_timeout = DEFAULT").catch(() => undefined);
  }
}

/** Makes the table when it is missing. Two histories may do so at once: whoever is second finds it. */
async function ensureTable(query: Query, table: string): Promise<void> {
  try {
    await query(`SELECT 1 FROM ${table} WHERE 1 = 0`);
  } catch (error) {
    if (errorKind(error) !== "table_missing") throw error;
    await query(
      `CREATE TABLE IF NOT EXISTS ${table} (name varchar(255) NOT NULL PRIMARY KEY, fence bigint NOT NULL, application varchar(255), taken_at datetime) ENGINE = INNODB`,
    );
  }
}

/** The row lock keeps the next number from being taken until this transaction ends. */
function proof(table: string, name: string, number: string): Statement {
  const sql = `SELECT 1 FROM ${table} WHERE name = ${literal(name)} AND fence = ${number} LOCK IN SHARE MODE`;
  const procedure: Procedure = { name: "prove_lock", input: { sql } };
  return { sql, policy: { kind: "plain" }, procedure };
}

/** ER_LOCK_WAIT_TIMEOUT. */
const lockWaitTimeout = 1205;
