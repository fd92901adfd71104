/**
 * Reads errors and warnings by number and code.
 * https://dev.mysql.com/doc/mysql-errors/8.4/en/server-error-reference.html
 */
import { type ErrorKind, type Notice, StatementFailed } from "../adapter.ts";

/** Says that the server can make a change only by keeping writers away from the table. */
export class CopyRefused extends Error {
  override readonly name = "CopyRefused";
}

/**
 * The kind of an error. The number is the server's, the code also the driver's or the network's.
 */
export function errorKind(error: unknown): ErrorKind {
  const cause = error instanceof StatementFailed ? error.cause : error;
  const number = errorNumber(cause);
  if (cause instanceof CopyRefused) return "copy_refused";
  if (isConnectionLost(cause)) return "connection_lost";
  if (number === undefined) return "other";
  if (tableMissing.has(number)) return "table_missing";
  if (number === 1054) return "column_missing";
  if (alreadyExists.has(number)) return "already_exists";
  if (number === 1205) return "lock_timeout";
  if (deadlock.has(number)) return "deadlock";
  if (timedOut.has(number)) return "timeout";
  return invalid.has(number) ? "invalid" : "other";
}

/** The server's number of an error: 1146. */
export function errorNumber(error: unknown): number | undefined {
  if (typeof error !== "object" || error === null || !("errno" in error)) return undefined;
  return typeof error.errno === "number" ? error.errno : undefined;
}

/** The name of an error: `ER_NO_SUCH_TABLE`, `ECONNREFUSED`. */
export function errorCode(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The level of a row of SHOW WARNINGS. */
export function noticeLevel(level: unknown): Notice["level"] {
  if (level === "Note") return "info";
  return level === "Error" ? "error" : "warning";
}

/** ER_NO_SUCH_TABLE, and ER_BAD_DB_ERROR: a table in a database that is not there. */
const tableMissing: ReadonlySet<number> = new Set([1146, 1049]);

/** Databases, tables, columns, keys, rows and the names of constraints, as each of the servers says it. */
const alreadyExists: ReadonlySet<number> = new Set([1007, 1050, 1060, 1061, 1062, 1826, 3822]);

/** Deadlocks, and rows that changed since they were read. */
const deadlock: ReadonlySet<number> = new Set([1213, 1020]);
/** Statements that took too long or were killed. */
const timedOut: ReadonlySet<number> = new Set([1317, 1969, 3024]);
/** Syntax, unknown functions, and rights that are missing. */
const invalid: ReadonlySet<number> = new Set([1064, 1305, 1142, 1143, 1370]);

function isConnectionLost(error: unknown): boolean {
  if (lostNumbers.has(errorNumber(error) ?? 0) || lostCodes.test(errorCode(error) ?? "")) {
    return true;
  }
  return error instanceof Error && /connection is in closed state/.test(error.message);
}

/** A node of a cluster that is cut off from most of the others answers so, and does nothing. ER_UNKNOWN_COM_ERROR. */
export const cutOff = 1047;

/** Server shutdown, killed connections, and connections that were silent or cut off in the middle of a packet. */
const lostNumbers: ReadonlySet<number> = new Set([
  cutOff,
  ...[1053, 1080, 1158, 1159, 1160, 1161],
  ...[1927, 2006, 2013, 3169, 4031],
]);
const lostCodes =
  /^(PROTOCOL_\w+|ECONNRESET|ECONNREFUSED|ECONNABORTED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;
