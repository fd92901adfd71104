/** Makes a connection that shows its statements to listeners. Loaded when somebody listens. */
import { AsyncLocalStorage } from "node:async_hooks";
import type { ErrorKind, Session } from "../adapters/adapter.ts";
import { type StatementWork, traced } from "./traced.ts";

/** A session sends several statements one by one where its driver takes no more: those are parts of one call. */
const inside = new AsyncLocalStorage<true>();

/** A migration that meets one of these fails, and its own span says so. */
const answers: ReadonlySet<ErrorKind> = new Set(["table_missing", "column_missing"]);

/**
 * Says each call of this session. It stays the same object, because another session of its kind may look into it.
 */
export function traceStatements(
  session: Session,
  of: Pick<StatementWork, "repo" | "target">,
): Session {
  const { syntax } = session.dialect;
  const said = <Result>(
    statements: StatementWork["statements"],
    call: () => Promise<Result>,
    isAnswer?: (error: unknown) => boolean,
  ): Promise<Result> => {
    const isPart = inside.getStore() === true || statements.length === 0;
    if (isPart) return call();
    const facts = { ...of, syntax, statements, isAnswer: isAnswer ?? never };
    return traced("statement", facts, () => inside.run(true, call));
  };
  const never = () => false;
  const isLook = (error: unknown) => answers.has(session.errorKind(error));
  const { query, change, execute } = session;
  return Object.assign(session, {
    query: (...given: Parameters<Session["query"]>) =>
      said([{ sql: given[0], parameters: given[1] }], () => query.apply(session, given), isLook),
    change: (...given: Parameters<Session["change"]>) =>
      said([{ sql: given[0], parameters: given[1] }], () => change.apply(session, given)),
    execute: (...given: Parameters<Session["execute"]>) =>
      said(given[0], () => execute.apply(session, given)),
  });
}
