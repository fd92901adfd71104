import type { Session } from "../adapters/adapter.ts";
import { shownQuery } from "../core/model/blocker.ts";
import type { LockPolicy } from "../core/model/lock-policy.ts";
import type { Statement } from "../core/model/statement.ts";
import type { MigrationRef } from "./events.ts";

/** A statement that waits to be sent. */
export type Queued = {
  readonly statement: Statement;
  /** Those of its operation; left out where the statement is ours. */
  readonly words: string | undefined;
  /** The statement as it stands in the step, where it is the migration's. */
  readonly origin?: Statement;
};

/** The comment that names the migration to whoever looks at the server; empty where nobody can. */
export function markOf({ dialect }: Session, { version, name }: MigrationRef): string {
  return dialect.workMark?.(`${version} ${name}`) ?? "";
}

/**
 * The statements, with the migration's name before its own part: there no error has a place that
 * would move.
 */
export function marked(
  queue: readonly Queued[],
  session: Session,
  migration: MigrationRef,
): readonly Statement[] {
  const mark = markOf(session, migration);
  return queue.map(({ statement, words }, i) => {
    const isLast = words === undefined && queue[i + 1]?.words !== undefined;
    return mark && isLast ? withMark(statement, mark) : statement;
  });
}

function withMark(statement: Statement, mark: string): Statement {
  const { sql, prepares } = statement;
  const marked = { ...statement, sql: `${sql} ${mark}` };
  return prepares === undefined ? marked : { ...marked, prepares: { ...prepares, mark } };
}

/** Each operation once; SQL of the user's has no words but itself. */
export function operationsOf(queue: readonly Queued[]): readonly string[] {
  const told = queue.flatMap(({ words, origin }) => {
    if (words === undefined) return [];
    return [words.startsWith("execute") && origin ? shownQuery(origin.sql) : words];
  });
  return [...new Set(told)];
}

/** The statement, which may copy its table where the policy does not want it online. */
export function allowed(statement: Statement, { onlineDdl }: LockPolicy): Statement {
  const { policy } = statement;
  if (onlineDdl === "require" || policy.kind !== "locking") return statement;
  return { ...statement, policy: { ...policy, mayCopy: true } };
}
