/** Reads what pages show: one reading at a time, shared by all who want the same at the same moment. */
import type { Adapter } from "../adapters/adapter.ts";
import type { Release } from "../index.ts";
import type { DashboardRelease } from "./dashboard-options.ts";
import { type Cost, patientAdapter } from "./patient-adapter.ts";
import { Samples } from "./samples.ts";
import { SharedConnection } from "./sharing.ts";

/** An answer of this age is fresh enough for a visitor who asks a moment later. */
const freshMs = 500;
/** In development files change while somebody looks. */
const filesFreshMs = 15_000;
/** A connection closes after this time without a reading. */
const idleMs = 10_000;

/** One reading: its connections are shared and end together. */
export type PageReading = {
  /** The release, whose reads go through the connections of this look, and which says nothing. */
  readonly release: Release;
  /** The release with separate connections, for methods that open transactions themselves. */
  readonly own: Release;
  /** The same connections, one for each repo. */
  readonly adapter: (repo: string) => Adapter;
};

type Kept = { readonly at: number; readonly value: Promise<unknown> };

export class Reader {
  /** The cost of all readings so far. */
  readonly cost: Cost = { statements: 0 };
  /** How fast backfills were. */
  readonly samples = new Samples();
  readonly #release: DashboardRelease;
  readonly #connections: ReadonlyMap<string, SharedConnection>;
  readonly #look: PageReading;
  readonly #kept = new Map<string, Kept>();
  readonly #files = new Map<string, Kept>();
  #last: Promise<unknown> = Promise.resolve();
  #idle: NodeJS.Timeout | undefined;

  constructor(release: DashboardRelease, options: { readonly patienceMs?: number } = {}) {
    this.#release = release;
    this.#connections = new Map(
      release
        .repos()
        .map(
          (repo) =>
            [repo, new SharedConnection(release.adapter(repo), this.cost, options)] as const,
        ),
    );
    const adapters = Object.fromEntries(
      [...this.#connections].map(([repo, { adapter }]) => [repo, adapter]),
    );
    const separate = Object.fromEntries(
      release
        .repos()
        .map((repo) => [repo, patientAdapter(release.adapter(repo), this.cost, options)] as const),
    );
    const silent = { emit: () => undefined, write: () => undefined };
    this.#look = {
      release: release.using({ adapters, ...silent }),
      own: release.using({ adapters: separate, ...silent }),
      adapter: (repo) => adapters[repo] ?? release.adapter(repo),
    };
  }

  /** Reads under a name. Whoever asks for the same name while it is read, or just after, gets the same. */
  read<Value>(name: string, work: (look: PageReading) => Promise<Value>): Promise<Value> {
    const known = this.#kept.get(name);
    if (known !== undefined && performance.now() - known.at < freshMs)
      return known.value as Promise<Value>;
    const value = this.#last.then(() => this.#carryOut(work));
    this.#last = value.catch(() => undefined);
    this.#keep(name, value);
    return value;
  }

  /** Reads what files say, which changes with a release: seldom. */
  readFiles<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
    const known = this.#files.get(name);
    if (known !== undefined && performance.now() - known.at < filesFreshMs)
      return known.value as Promise<Value>;
    const value = work();
    this.#files.set(name, { at: performance.now(), value });
    return value;
  }

  /** Forgets every answer: somebody has just changed something. */
  forget(): void {
    this.#kept.clear();
  }

  /** Ends every connection. */
  async close(): Promise<void> {
    clearTimeout(this.#idle);
    this.forget();
    await this.#last;
    await Promise.all([...this.#connections.values()].map((one) => one.close()));
  }

  /** The name of the app, and where its databases are. */
  get of(): DashboardRelease {
    return this.#release;
  }

  async #carryOut<Value>(work: (look: PageReading) => Promise<Value>): Promise<Value> {
    clearTimeout(this.#idle);
    const connections = [...this.#connections.values()];
    try {
      return await work(this.#look);
    } finally {
      await Promise.all(connections.map((one) => one.end()));
      this.#idle = setTimeout(() => {
        this.#last = this.#last.then(() => Promise.all(connections.map((one) => one.close())));
      }, idleMs).unref();
    }
  }

  /** Until it has been read it is fresh; then for a moment. */
  #keep(name: string, value: Promise<unknown>): void {
    const reading = { at: Number.POSITIVE_INFINITY, value };
    this.#kept.set(name, reading);
    const settle = (isRead: boolean) => {
      if (this.#kept.get(name) !== reading) return;
      if (isRead) this.#kept.set(name, { at: performance.now(), value });
      else this.#kept.delete(name);
    };
    value.then(
      () => settle(true),
      () => settle(false),
    );
  }
}
