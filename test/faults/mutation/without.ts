/** The database with one mechanism taken out of it. */
import type { Adapter, Session } from "../../../src/adapters/adapter.ts";
import type { Statement } from "../../../src/core/model/statement.ts";

type Change = (session: Session, adapter: Adapter) => Partial<Session>;

/** What can be taken out, and how. */
export const mechanisms = {
  /** Whoever asks has the lock. */
  lock: () => ({
    tryLock: async () => ({
      lease: { lost: new AbortController().signal, release: async () => undefined },
    }),
  }),
  /** Nothing proves that the lock is still held. */
  fence: () => ({ takeFence: async () => ({ number: "0", proof: [] }) }),
  /** The connections of earlier holders live on. */
  "end of earlier connections": (session) => ({
    takeFence: async (request) => {
      const fence = await session.takeFence?.(request);
      return fence && { number: fence.number, proof: fence.proof };
    },
  }),
  /** The lock is taken as most drivers would: by the extended protocol, whose portal keeps its snapshot. */
  "simple protocol": (session) => ({
    tryLock: async (name) => {
      const attempt = await session.tryLock(name);
      if (attempt.lease !== undefined) await session.query("SELECT $1::int", [1]);
      return attempt;
    },
  }),
  /** After a crash everything looks as if it were done. */
  "probe, always present": (session) => probing(session, "present"),
  /** After a crash nothing looks as if it were done. */
  "probe, always absent": (session) => probing(session, "absent"),
  /** Nobody writes down how far a migration got. */
  journal: (session) => ({
    query: async (sql, parameters) => (isJournal(sql) ? [] : await session.query(sql, parameters)),
    execute: (statements) => session.execute(statements.filter(({ sql }) => !isJournal(sql))),
  }),
  /** What happened is written down on its own, as soon as it is about to be true. */
  "event beside its history row": (session, adapter) => ({
    execute: async (statements) => {
      const isEvent = ({ sql }: Statement) => /^INSERT INTO "slipway_events"/.test(sql);
      await session.execute(statements.filter((one) => !isEvent(one)));
      const other = await adapter.open({ role: "work", application: "mutation" });
      await other.execute(statements.filter(isEvent));
      await other.close();
    },
  }),
  /** Every statement is for itself. */
  transaction: (session) => ({
    execute: (statements) => session.execute(statements.filter((one) => !isBoundary(one))),
  }),
} satisfies { readonly [mechanism: string]: Change };

export type Mechanism = keyof typeof mechanisms;

export function without(mechanism: Mechanism, adapter: Adapter): Adapter {
  const change: Change = mechanisms[mechanism];
  return {
    ...adapter,
    open: async (options) => {
      const session = await adapter.open(options);
      const changed = change(session, adapter);
      return new Proxy(session, {
        get: (target, name) => {
          const value = Reflect.get(name in changed ? changed : target, name) as unknown;
          return typeof value === "function" ? value.bind(target) : value;
        },
      });
    },
  };
}

function probing(session: Session, state: string): Partial<Session> {
  return { dialect: { ...session.dialect, probeSql: () => `SELECT '${state}' AS state` } };
}

function isJournal(sql: string): boolean {
  return /^(INSERT|DELETE|SELECT) .*"slipway_journal".*"position"/.test(sql);
}

function isBoundary({ sql }: Statement): boolean {
  return sql === "BEGIN" || sql === "COMMIT";
}
