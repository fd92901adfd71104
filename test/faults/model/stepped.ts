/** Migrators that move only when they are told to: each call to the database waits at a gate. */
import { setTimeout as delay } from "node:timers/promises";
import {
  type Adapter,
  type Fence,
  type Lease,
  type OpenOptions,
  type Session,
  StatementFailed,
} from "../../../src/adapters/adapter.ts";

/** How a migrator ended. */
export type Ending = { readonly error?: unknown };

export type MigratorOptions = {
  readonly adapter: Adapter;
  /** What it does, over an adapter whose calls are counted. */
  run(adapter: Adapter): Promise<unknown>;
  /** A call that does not come back within this time is stuck, in milliseconds. Default: 10 000. */
  readonly stuckMs?: number;
};

/** One run of the real engine over the real database, step by step. */
export class Migrator {
  ending: Ending | undefined;
  /** Whether something was done to it that excuses an error. */
  disturbed = false;
  readonly trace: string[] = [];
  readonly #stuckMs: number;
  readonly #waiting: { readonly call: string; readonly pass: () => void }[] = [];
  readonly #sessions: { readonly role: OpenOptions["role"]; readonly session: Session }[] = [];
  readonly #losses: (() => void)[] = [];
  #arrived: () => void = () => {};
  #crashed = false;

  constructor({ adapter, run, stuckMs = 10_000 }: MigratorOptions) {
    this.#stuckMs = stuckMs;
    const end = (ending: Ending) => {
      this.ending = ending;
      this.#arrived();
    };
    run(this.#stepped(adapter)).then(
      () => end({}),
      (error: unknown) => end({ error }),
    );
  }

  get over(): boolean {
    return this.#crashed || this.ending !== undefined;
  }

  /** Lets it make one call, and resolves when it waits for the next. */
  async step(): Promise<void> {
    if (this.over) return;
    if (this.#waiting.length === 0) await this.#nextArrival();
    if (this.over) return;
    const arrival = this.#nextArrival();
    this.#waiting.shift()?.pass();
    await arrival;
  }

  /** Goes on until its next call is this one. */
  async stepUpTo(call: RegExp): Promise<void> {
    if (this.#waiting.length === 0 && !this.over) await this.#nextArrival();
    while (!this.over && !call.test(this.#waiting[0]?.call ?? "")) await this.step();
    if (this.over) throw new Error(`it never came to ${call}`, { cause: this.ending?.error });
  }

  /** Goes on to its end, and hears of everything at once. */
  async finish(): Promise<this> {
    for (let steps = 0; !this.over; steps += 1) {
      if (steps > 2_000) throw new Error(`no end in sight: ${this.trace.slice(-10).join(" | ")}`);
      this.notice();
      await this.step();
    }
    return this;
  }

  /** The process is gone: it makes no call any more, and the server ends its connections. */
  async crash(): Promise<void> {
    this.#crashed = true;
    await Promise.all(this.#sessions.map(({ session }) => session.close()));
  }

  /** The server takes one of its connections away; of a lost lock it hears when it is told. */
  async lose(role: OpenOptions["role"], terminate: (pid: string) => Promise<void>): Promise<void> {
    const found = this.#sessions.findLast((one) => one.role === role);
    const pid = found === undefined ? undefined : this.#pids.get(found.session);
    if (this.over || pid === undefined) return;
    this.disturbed = true;
    await terminate(pid);
  }

  /** Hears that it lost the lock, if it did. */
  notice(): void {
    for (const tell of this.#losses.splice(0)) tell();
  }

  readonly #pids = new Map<Session, string>();

  async #nextArrival(): Promise<void> {
    const arrival = new Promise<"arrived">((resolve) => {
      this.#arrived = () => resolve("arrived");
    });
    const timer = new AbortController();
    const first = await Promise.race([
      arrival,
      delay(this.#stuckMs, "stuck" as const, { signal: timer.signal, ref: false }),
    ]);
    timer.abort();
    if (first === "stuck") throw new Error(`stuck at: ${this.trace.at(-1)}`);
  }

  async #gate(call: string): Promise<void> {
    const turn = new Promise<void>((pass) => this.#waiting.push({ call, pass }));
    this.#arrived();
    await turn;
    this.trace.push(call);
    // A process that is gone never goes on.
    if (this.#crashed) await new Promise(() => {});
  }

  #stepped(adapter: Adapter): Adapter {
    return {
      ...adapter,
      open: async (options) => {
        await this.#gate(`open ${options.role}`);
        const session = await adapter.open(options);
        const [row] = await session.query(`SELECT ${session.dialect.connectionId} AS pid`);
        this.#pids.set(session, String(row?.pid));
        this.#sessions.push({ role: options.role, session });
        return this.#steppedSession(session);
      },
    };
  }

  #steppedSession(session: Session): Session {
    return {
      dialect: session.dialect,
      query: async (sql, parameters) => {
        await this.#gate(sql);
        return session.query(sql, parameters);
      },
      change: async (sql, parameters) => {
        await this.#gate(sql);
        return session.change(sql, parameters);
      },
      execute: async (statements) => {
        for (const [index, statement] of statements.entries()) {
          await this.#gate(statement.sql);
          try {
            await session.execute([statement]);
          } catch (error) {
            if (!(error instanceof StatementFailed)) throw error;
            throw new StatementFailed(error.message, { index, cause: error.cause });
          }
        }
      },
      tryLock: async (name) => {
        await this.#gate("tryLock");
        const attempt = await session.tryLock(name);
        return attempt.lease === undefined ? attempt : { lease: this.#steppedLease(attempt.lease) };
      },
      takeFence: async (request) => {
        await this.#gate("takeFence");
        const fence = await session.takeFence?.(request);
        return fence && this.#steppedFence(fence);
      },
      cancel: async () => session.cancel?.(),
      runningOn: async (id, sql) => {
        await this.#gate("runningOn");
        return session.runningOn?.(id, sql);
      },
      lockSettings: async (kind, policy) => {
        await this.#gate("lockSettings");
        return (await session.lockSettings?.(kind, policy)) ?? { before: [], after: [] };
      },
      errorKind: (error) => session.errorKind(error),
      close: async () => {
        await this.#gate("close");
        return session.close();
      },
    };
  }

  #steppedFence(fence: Fence): Fence {
    const { endEarlier, leave, ...rest } = fence;
    const stepped =
      <Result>(call: string, work: () => Promise<Result>) =>
      async () => {
        await this.#gate(call);
        return work();
      };
    return {
      ...rest,
      ...(endEarlier === undefined ? {} : { endEarlier: stepped("endEarlier", endEarlier) }),
      ...(leave === undefined ? {} : { leave: stepped("leave", leave) }),
    };
  }

  #steppedLease(lease: Lease): Lease {
    const lost = new AbortController();
    lease.lost.addEventListener("abort", () => {
      this.#losses.push(() => lost.abort(lease.lost.reason));
    });
    return {
      lost: lost.signal,
      ...(lease.fence === undefined ? {} : { fence: lease.fence }),
      release: async () => {
        await this.#gate("release");
        return lease.release();
      },
    };
  }
}
