/** Code of the user's, which may never come back: then it is left alone, and can use the connection no more. */

import type { Session } from "../adapters/adapter.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { plain } from "../core/model/statement.ts";
import type { Edge } from "../engine/events.ts";
import { interruptible } from "../engine/interruptible.ts";

/** Says that code did not come back in time. */
export class TooLate extends Error {
  override readonly name = "TooLate";
}

/** No timer can be longer. */
const longestMs = 2 ** 31 - 1;

export type UserCall = {
  readonly session: Session;
  readonly edge: Edge;
  /** The name of the call, for messages. */
  readonly what: string;
  /** How long it may take, in milliseconds. */
  readonly ms: number;
};

/**
 * Calls code with the session, and with a signal that aborts when it is to end. Leaves nothing of
 * it on the session: it waits for queries that the code did not await, or cancels them when the
 * code comes back too late or not at all.
 *
 * @throws {TooLate}
 */
export async function callUser<Result>(
  { session, edge, what, ms }: UserCall,
  call: (db: MigrationDatabase, signal: AbortSignal) => Result | PromiseLike<Result>,
): Promise<Result> {
  const over = new AbortController();
  const { signal } = over;
  const stop = () => over.abort(edge.signal.reason);
  // Not AbortSignal.any: those of rows that are done at once would pile up until something waits.
  edge.signal.addEventListener("abort", stop);
  if (edge.signal.aborted) stop();
  const sent = new Set<Promise<unknown>>();
  const send = <Answer>(ask: () => Promise<Answer>): Promise<Answer> => {
    if (signal.aborted) return Promise.reject(new Error(`${what} is over and may send nothing`));
    const answer = ask();
    sent.add(answer);
    const forget = () => sent.delete(answer);
    answer.then(forget, forget);
    return answer;
  };
  const end = edge.sleep(Math.min(ms, longestMs), signal).then(() => {
    throw new TooLate(`${what} took more than ${ms} ms`);
  });
  try {
    const calling = Promise.resolve().then(() => call(databaseOf(session, send), signal));
    const result = await Promise.race([calling, end]);
    await Promise.race([Promise.all(sent), end]);
    return result;
  } finally {
    over.abort();
    edge.signal.removeEventListener("abort", stop);
    if (sent.size > 0) await cancelled(sent, { session, edge });
  }
}

/** Cancels also when the run is to stop already, which is what `interruptible` waits for. */
async function cancelled(
  sent: ReadonlySet<Promise<unknown>>,
  { session, edge }: Pick<UserCall, "session" | "edge">,
): Promise<void> {
  const { signal } = new AbortController();
  await interruptible(
    { session, edge: { ...edge, signal }, lease: undefined },
    () => Promise.allSettled(sent),
    { deadlineMs: 1 },
  );
}

function databaseOf(
  session: Session,
  send: <Answer>(ask: () => Promise<Answer>) => Promise<Answer>,
): MigrationDatabase {
  return {
    query: <Row>(sql: string, parameters?: readonly unknown[]) =>
      send(async () => (await session.query(sql, parameters)) as readonly Row[]),
    change: (sql, parameters) => send(() => session.change(sql, parameters)),
    execute: (sql) =>
      send(() =>
        session.execute(
          session.dialect.splitStatements(sql).map(({ sql, stdin }) => ({ ...plain(sql), stdin })),
        ),
      ),
  };
}
