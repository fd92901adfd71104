/** A real adapter, watched: which connections are opened, what is asked of them, and whether they are closed. */
import type { Adapter, Session } from "../../../src/adapters/adapter.ts";
import type { Statement } from "../../../src/core/model/statement.ts";

export type Watched = {
  readonly adapter: Adapter;
  /** The roles of the connections, in the order of their opening. */
  readonly opened: string[];
  /** Every attempt to take a lock, by its name. */
  readonly locks: string[];
  /** Everything sent, in order; `lock` stands for an attempt. */
  readonly sent: string[];
  /** How many connections are open now, and how many were at most. */
  readonly open: { now: number; most: number };
};

/** Passes everything on to the adapter and changes nothing. */
export function watch(adapter: Adapter): Watched {
  const watched: Watched = {
    adapter: {
      ...adapter,
      open: async (options) => {
        const session = await adapter.open(options);
        watched.opened.push(options.role);
        watched.open.now += 1;
        watched.open.most = Math.max(watched.open.most, watched.open.now);
        return follow(session, watched);
      },
    },
    opened: [],
    locks: [],
    sent: [],
    open: { now: 0, most: 0 },
  };
  return watched;
}

/** The session itself, with every call noted before it is made. */
function follow(session: Session, watched: Watched): Session {
  let closed = false;
  const note: { readonly [Method in keyof Session]?: (given: never) => void } = {
    query: (sql: string) => watched.sent.push(sql),
    execute: (statements: readonly Statement[]) =>
      watched.sent.push(...statements.map((statement) => statement.sql)),
    tryLock: (name: string) => {
      watched.sent.push("lock");
      watched.locks.push(name);
    },
    close: () => {
      if (!closed) watched.open.now -= 1;
      closed = true;
    },
  };
  return new Proxy(session, {
    get(target, property) {
      const value: unknown = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      return (...given: readonly unknown[]) => {
        note[property as keyof Session]?.(given[0] as never);
        return Reflect.apply(value, target, given);
      };
    },
  });
}
