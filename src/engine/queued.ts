import type { Session } from "../adapters/adapter.ts";
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

/** What names the migration to who looks at the server; empty where nobody can. */
export function markOf({ dialect }: Session, { version, name }: MigrationRef): string {
  return dialect.workMark?.(`${version} ${name}`) ?? "";
}

/** The statements, with the migration's name before what is its own: there no error has a place that would move. */
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
