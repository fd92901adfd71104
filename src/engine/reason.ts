/** The words of an error that ended a migration. */
import { StatementFailed } from "../adapters/adapter.ts";

/** The database's own words, with its detail where it has one. */
export function reasonOf(error: unknown): string {
  const cause = error instanceof StatementFailed ? error.cause : error;
  if (!(cause instanceof Error)) return String(cause);
  const { message, detail, where } = cause as Error & { detail?: unknown; where?: unknown };
  if (typeof detail === "string") return `${message} (${detail})`;
  // Which of the rows it was.
  const [row] = /^COPY .*/.exec(String(where)) ?? [];
  return row === undefined ? message : `${message} (${row})`;
}
