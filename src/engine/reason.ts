/** The words of an error that ended a migration. */
import { StatementFailed } from "../adapters/adapter.ts";

/** The database's own words, with its detail where it has one. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof StatementFailed ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  return "detail" in cause && typeof cause.detail === "string"
    ? `${cause.message} (${cause.detail})`
    : cause.message;
}
