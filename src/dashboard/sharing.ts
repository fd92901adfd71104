/** One connection of a repo for all that is read for one page, in one transaction that can only read. */
import type { Adapter, OpenOptions, Session } from "../adapters/adapter.ts";
import { plain } from "../core/model/statement.ts";

const begin = ["START TRANSACTION READ ONLY", "SAVEPOINT slipway_look"].map((sql) => plain(sql));
const back = "ROLLBACK TO SAVEPOINT slipway_look";

/** The number of queries that one look at a server's activity sends. */
const activityQueries = 5;

/** Counts the statements that databases get. */
export type Cost = { statements: number };

/** The connection of one repo, kept while somebody looks. */
export class SharedConnection {
  readonly #adapter: Adapter;
  readonly #cost: Cost;
  #session: Session | undefined;
  #isOpen = false;

  constructor(adapter: Adapter, cost: Cost) {
    this.#adapter = adapter;
    this.#cost = cost;
  }

  /** An adapter whose sessions are this one; to close them does nothing. */
  get adapter(): Adapter {
    return overlaid(this.#adapter, {
      open: (options: OpenOptions) => this.#open(options),
      at: this.#adapter.at && ((place: string) => counted(this.#adapter.at?.(place), this.#cost)),
    });
  }

  /** Ends the transaction that all reads of this page share. */
  async end(): Promise<void> {
    if (!this.#isOpen || this.#session === undefined) return;
    this.#isOpen = false;
    this.#cost.statements += 1;
    try {
      await this.#session.query("ROLLBACK");
    } catch {
      await this.close();
    }
  }

  /** Ends the connection. */
  async close(): Promise<void> {
    const session = this.#session;
    this.#session = undefined;
    this.#isOpen = false;
    await session?.close().catch(() => undefined);
  }

  async #open(options: OpenOptions): Promise<Session> {
    this.#session ??= await this.#adapter.open(options);
    if (!this.#isOpen && this.#adapter.single !== true) {
      try {
        await this.#begin(this.#session);
      } catch {
        // A connection that was kept may have ended meanwhile; a new one that cannot begin does without.
        await this.close();
        this.#session = await this.#adapter.open(options);
        await this.#begin(this.#session).catch(() => undefined);
      }
    }
    return this.#shared(this.#session);
  }

  async #begin(session: Session): Promise<void> {
    this.#cost.statements += begin.length;
    await session.execute(begin);
    this.#isOpen = true;
  }

  #shared(session: Session): Session {
    return overlaid(session, {
      close: async () => undefined,
      activity:
        session.activity &&
        (() => {
          this.#cost.statements += activityQueries;
          return session.activity?.();
        }),
      query: async (sql: string, parameters?: readonly unknown[]) => {
        this.#cost.statements += 1;
        try {
          return await session.query(sql, parameters);
        } catch (error) {
          if (!this.#isOpen) throw error;
          return await this.#again(session, { sql, parameters, error });
        }
      },
    });
  }

  /** Rolls back and asks again: the transaction may be broken by an earlier error that somebody swallowed. */
  async #again(
    session: Session,
    asked: { sql: string; parameters: readonly unknown[] | undefined; error: unknown },
  ) {
    this.#cost.statements += 2;
    try {
      await session.query(back);
    } catch {
      throw asked.error;
    }
    try {
      return await session.query(asked.sql, asked.parameters);
    } catch (error) {
      await session.query(back).catch(() => undefined);
      throw error;
    }
  }
}

/** Tenants have separate connections; this counts their statements too. */
function counted(adapter: Adapter | undefined, cost: Cost): Adapter | undefined {
  if (adapter === undefined) return undefined;
  return overlaid(adapter, {
    open: async (options: OpenOptions) => {
      const session = await adapter.open(options);
      return overlaid(session, {
        query: (sql: string, parameters?: readonly unknown[]) => {
          cost.statements += 1;
          return session.query(sql, parameters);
        },
      });
    },
  });
}

/**
 * The same value with some members replaced. Its methods run on the original value, whose private
 * fields only it has.
 */
function overlaid<Value extends object>(value: Value, members: object): Value {
  return new Proxy(value, {
    get: (target, name) => {
      const own = (members as Record<PropertyKey, unknown>)[name];
      if (own !== undefined) return own;
      const member: unknown = Reflect.get(target, name, target);
      return typeof member === "function" ? member.bind(target) : member;
    },
  });
}
