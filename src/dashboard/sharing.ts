/** One connection of a repo for all that is read for one page, in one transaction that can only read. */
import type { Adapter, OpenOptions, Session } from "../adapters/adapter.ts";
import { plain } from "../core/model/statement.ts";
import { answeredWithin } from "./answered-within.ts";
import { inTime, overlaid } from "./overlaid.ts";
import { type Cost, patienceMs, patientAdapter } from "./patient-adapter.ts";

const begin = ["START TRANSACTION READ ONLY", "SAVEPOINT slipway_look"].map((sql) => plain(sql));
const back = "ROLLBACK TO SAVEPOINT slipway_look";

/** The number of queries that one look at a server's activity sends. */
const activityQueries = 5;

/** The connection of one repo, kept while somebody looks. */
export class SharedConnection {
  readonly #adapter: Adapter;
  readonly #cost: Cost;
  readonly #patienceMs: number;
  #session: Session | undefined;
  #isOpen = false;
  /** What the rest of this page hears after an answer that was late: to ask again would take as long. */
  #late: unknown;

  constructor(adapter: Adapter, cost: Cost, options: { readonly patienceMs?: number } = {}) {
    this.#adapter = adapter;
    this.#cost = cost;
    this.#patienceMs = options.patienceMs ?? patienceMs;
  }

  /** An adapter whose sessions are this one; to close them does nothing. */
  get adapter(): Adapter {
    return overlaid(this.#adapter, {
      open: (options: OpenOptions) => this.#open(options),
      // Tenants have separate connections.
      at: patientAdapter(this.#adapter, this.#cost, { patienceMs: this.#patienceMs }).at,
    });
  }

  /** Ends the transaction that all reads of this page share. */
  async end(): Promise<void> {
    this.#late = undefined;
    if (!this.#isOpen || this.#session === undefined) return;
    this.#isOpen = false;
    this.#cost.statements += 1;
    try {
      await this.#patient(this.#session, this.#session.query("ROLLBACK"));
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
    this.#session ??= await this.#connect(options);
    if (!this.#isOpen && this.#adapter.single !== true) {
      try {
        await this.#begin(this.#session);
      } catch {
        // A connection that was kept may have ended meanwhile; a new one that cannot begin does without.
        await this.close();
        this.#session = await this.#connect(options);
        await this.#begin(this.#session).catch(() => undefined);
      }
    }
    return this.#shared(this.#session);
  }

  async #begin(session: Session): Promise<void> {
    this.#cost.statements += begin.length;
    await this.#patient(session, session.execute(begin));
    this.#isOpen = true;
  }

  async #connect(options: OpenOptions): Promise<Session> {
    if (this.#late !== undefined) throw this.#late;
    const late = new AbortController();
    const signal = AbortSignal.any([late.signal, options.signal ?? late.signal]);
    const opening = this.#adapter.open({ ...options, signal });
    return await answeredWithin(this.#patienceMs, opening, (error) => {
      this.#late ??= error;
      late.abort(error);
      void opening.then((session) => session.close()).catch(() => undefined);
    });
  }

  /** The answer, unless it is late: then nothing is left of the connection, on the server neither. */
  #patient<Answer>(session: Session, answer: Promise<Answer>): Promise<Answer> {
    return answeredWithin(this.#patienceMs, answer, (error) => {
      this.#late ??= error;
      void session.cancel?.();
      if (this.#session === session) void this.close();
    });
  }

  #shared(real: Session): Session {
    const session = inTime(real, (answer) => this.#patient(real, answer));
    return overlaid(session, {
      close: async () => undefined,
      // All reads of a page are in one transaction, where an error of one would be that of all behind it.
      together: undefined,
      activity:
        session.activity &&
        (() => {
          this.#cost.statements += activityQueries;
          return session.activity?.();
        }),
      query: async (sql: string, parameters?: readonly unknown[]) => {
        if (this.#late !== undefined) throw this.#late;
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
