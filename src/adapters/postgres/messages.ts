/**
 * Reads PostgreSQL's errors and notices by SQLSTATE.
 * https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
import { type ErrorKind, type Notice, StatementFailed } from "../adapter.ts";

/**
 * The kind of an error. One without SQLSTATE is the connection's when it comes from the network or
 * the driver.
 */
export function errorKind(error: unknown): ErrorKind {
  const cause = error instanceof StatementFailed ? error.cause : error;
  const code = codeOf(cause);
  if (code === undefined) return isDriverLoss(cause) ? "connection_lost" : "other";
  if (code === "42P01") return "table_missing";
  if (code === "42703") return "column_missing";
  if (alreadyExists.has(code)) return "already_exists";
  if (code === "23505") return isOfCatalog(cause) ? "already_exists" : "duplicate_key";
  if (code === "55P03") return "lock_timeout";
  if (code === "40P01" || code === "40001") return "deadlock";
  if (code === "57014") return "timeout";
  if (code === "3B001" || code === "25P01") return "savepoint_missing";
  if (code === "42501" && isOfRowSecurity(cause)) return "rows_hidden";
  if (lostConnection.test(code)) return "connection_lost";
  return code.startsWith("42") ? "invalid" : "other";
}

/** The SQLSTATE of a server's error, or the code of a network error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** The level of a notice. A server that speaks another language translates the severity, not the code. */
export function noticeLevel(notice: {
  readonly severity?: string | undefined;
  readonly code?: string | undefined;
}): Notice["level"] {
  const severity = notice.severity ?? "";
  if (severity.startsWith("DEBUG")) return "debug";
  if (severity === "WARNING") return "warning";
  if (severity === "ERROR" || severity === "FATAL" || severity === "PANIC") return "error";
  return notice.code?.startsWith("01") ? "warning" : "info";
}

/** Counted from 1 in characters, in the text that was sent. */
export function positionOf(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("position" in error)) return undefined;
  const position = Number(error.position);
  return position > 0 ? position : undefined;
}

const alreadyExists: ReadonlySet<string> = new Set(["42P07", "42710", "42701"]);

/** The server says it in its own language, but names the function that said it. */
function isOfRowSecurity(error: unknown): boolean {
  return error instanceof Error && "routine" in error && error.routine === "check_enable_rls";
}

/** Two sessions that make the same thing at once may also meet in the catalog's unique indexes. */
function isOfCatalog(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  return "schema" in error && error.schema === "pg_catalog";
}

/** Connection exceptions, shutdowns, timeouts that end the session, and errors of the network. */
const lostConnection =
  /^(08...|57P0.|25P0[34]|ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|ENOTFOUND|EAI_AGAIN)$/;

function isDriverLoss(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return /^Connection terminated|not queryable$|^PGlite is (closed|closing)/.test(error.message);
}
