/** Which statements travel together, and which one of them failed. */
import type { Statement } from "../../core/model/statement.ts";

/** Statements that are sent at once. `first` is the index of the first one among all. */
export type RoundTrip = { readonly first: number; readonly statements: readonly Statement[] };

/**
 * Joins statements inside a transaction. Outside of one, each goes alone, because the server makes
 * a separate transaction of a string of several statements. A statement with parameters, or one
 * that runs long, goes alone too. No more than a million characters travel together: the driver
 * copies what it sends, and the server keeps the whole of a message in memory.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-MULTI-STATEMENT
 */
export function roundTrips(
  statements: readonly Statement[],
  start: { readonly inTransaction: boolean },
): readonly RoundTrip[] {
  const trips: { first: number; statements: Statement[] }[] = [];
  let { inTransaction } = start;
  let open = false;
  let length = 0;
  for (const [index, statement] of statements.entries()) {
    const word = firstWord(statement.sql);
    const joins = (inTransaction || begins.has(word)) && isSimple(statement);
    const last = trips.at(-1);
    length += statement.sql.length;
    if (joins && open && last !== undefined && length <= longestTrip)
      last.statements.push(statement);
    else {
      trips.push({ first: index, statements: [statement] });
      length = statement.sql.length;
    }
    if (begins.has(word)) inTransaction = true;
    if (ends.has(word)) inTransaction = false;
    open = joins && inTransaction;
  }
  return trips;
}

/**
 * The text of a round trip. A statement may end in a comment, so the semicolon has a separate line.
 */
export function joinedSql({ statements }: RoundTrip): string {
  return statements.map(({ sql }) => sql).join(separator);
}

/**
 * The index, among all, of the statement that failed: the first that did not complete.
 * A text that cannot be parsed fails as a whole before any of it runs; then the error's position tells.
 */
export function failedIndex(
  trip: RoundTrip,
  failure: { readonly completed: number; readonly position: number | undefined },
): number {
  const { completed, position } = failure;
  const within =
    completed === 0 && position !== undefined ? statementAt(trip, position) : completed;
  return trip.first + Math.min(within, trip.statements.length - 1);
}

/** Where the error is in the statement of that index, in UTF-16 units; `undefined` when it is elsewhere. */
export function offsetIn(
  { first, statements }: RoundTrip,
  index: number,
  position: number,
): number | undefined {
  const before = joinedSql({ first, statements: [...statements.slice(0, index - first), empty] });
  const characters = [...(statements[index - first]?.sql ?? "")];
  const at = position - 1 - [...before].length;
  return at < 0 || at > characters.length ? undefined : characters.slice(0, at).join("").length;
}

const longestTrip = 1_000_000;

const empty: Statement = { sql: "", policy: { kind: "plain" } };
const separator = "\n;\n";
const begins: ReadonlySet<string> = new Set(["BEGIN", "START"]);
const ends: ReadonlySet<string> = new Set(["COMMIT", "END", "ABORT", "ROLLBACK"]);

/** Of statements that begin or end something; of all others it is not asked further. */
function firstWord(sql: string): string {
  if (!boundary.test(sql)) return "";
  const [, word = "", rest = ""] = /^\s*(\w+)\s*(.*)/s.exec(sql) ?? [];
  return /^TO\b|^\w+\s+TO\b/i.test(rest) ? "" : word.toUpperCase();
}

const boundary = /^\s*(?:BEGIN|START|COMMIT|END|ABORT|ROLLBACK)\b/i;

function isSimple({ parameters, policy, stdin }: Statement): boolean {
  if (stdin !== undefined) return false;
  return (parameters === undefined || parameters.length === 0) && policy.kind !== "online";
}

/** PostgreSQL counts characters, from 1. */
function statementAt({ statements }: RoundTrip, position: number): number {
  let end = 0;
  const index = statements.findIndex(({ sql }) => {
    end += [...sql].length + separator.length;
    return position <= end;
  });
  return index === -1 ? statements.length - 1 : index;
}
