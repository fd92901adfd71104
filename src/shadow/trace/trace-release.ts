/**
 * Replays a release on a shadow, migration by migration, and gives the effects of each statement of
 * the wanted ones.
 */
import type { Session } from "../../adapters/adapter.ts";
import { newestMajor } from "../../check/check-files.ts";
import { loadParser } from "../../check/parser.ts";
import type { ReleaseError } from "../../core/model/errors.ts";
import { withBaseline } from "../../core/plan/baselines.ts";
import type { Release } from "../../release/release.ts";
import { type Filled, fillTables } from "../rows/fill-tables.ts";
import { verdicts } from "./disagree.ts";
import { extensionsIn } from "./extensions.ts";
import { look } from "./look.ts";
import { openShadow, type Shadow } from "./shadow.ts";
import { stepUp } from "./step-up.ts";
import type { TracedStatement } from "./traced.ts";
import { Tracer } from "./tracer.ts";
import { tracingAdapter } from "./tracing-adapter.ts";

export type TraceOptions = {
  readonly repo: string;
  /** The versions to look at. */
  readonly wanted: ReadonlySet<string>;
  /** A server to make the shadow on. Default: a PGlite in memory. */
  readonly shadowUrl?: string | undefined;
  /** SQL that the shadow begins with: objects that migrations expect and do not make. */
  readonly shadowSql?: string | undefined;
  /**
   * Whether each migration is a separate run, instead of one run for all that are wanted. Default:
   * `false`.
   */
  readonly oneByOne?: boolean | undefined;
  /** How many rows each table gets before it is changed. Default: none. */
  readonly rows?: number | undefined;
  readonly now: () => number;
};

export type RepoTrace = {
  readonly repo: string;
  /** The server of the shadow, in its own words. */
  readonly server: string;
  /** The number of migrations outside the wanted ones. */
  readonly replayed: number;
  /** The migrations that did not run, because a baseline ran in their place. Default: there are none. */
  readonly behindBaseline?: { readonly baseline: string; readonly migrations: number } | undefined;
  readonly statements: readonly TracedStatement[];
  /** Whether `libpg-query`, which the rules need, is installed. */
  readonly comparedWithRules: boolean;
  readonly filled: readonly Filled[];
  /** The reason why it stopped. */
  readonly failed?: ReleaseError | undefined;
};

/** @throws {ConnectionFailed}, and what loading the migrations throws */
export async function traceRelease(release: Release, options: TraceOptions): Promise<RepoTrace> {
  const { repo, wanted, shadowUrl: url, shadowSql: sql, now } = options;
  const inventory = (await release.inventory()).find((one) => one.repo === repo);
  const migrations = inventory?.migrations ?? [];
  const shadow = await openShadow({
    ...{ url, sql, extensions: extensionsIn(migrations) },
    kind: "postgres",
  });
  try {
    const tracer = new Tracer({
      openObserver: shadow.canBeWatched ? () => open(shadow) : undefined,
      now,
      began: sql === undefined ? new Set() : await thereIn(shadow),
      isWanted: (version) => wanted.has(version),
      oneByOne: options.oneByOne ?? false,
    });
    const replay = new Replay(release, { repo, shadow, tracer });
    const filled = new Map<string, Filled>();
    const { rows } = options;
    const steps = rows === undefined ? [] : migrations;
    let failed = rows === undefined ? await replay.all() : undefined;
    for (const { file } of steps) {
      if (wanted.has(file.version))
        for (const one of await replay.fill(rows ?? 0)) filled.set(one.table, one);
      failed = await replay.step();
      if (failed !== undefined) break;
    }
    const files = migrations.map(({ file }) => file);
    // On an empty database the newest baseline replaces the migrations up to it.
    const counted = withBaseline(files, []);
    const replayed = counted.filter(({ version }) => !wanted.has(version)).length;
    const baseline = counted.find((file) => file.baseline);
    const server = await serverOf(shadow);
    return {
      repo,
      server,
      replayed,
      ...(baseline === undefined || counted.length === files.length
        ? {}
        : {
            behindBaseline: {
              baseline: `${baseline.version} ${baseline.name}`,
              migrations: files.length - counted.length,
            },
          }),
      ...(await judged(tracer, { server, oneByOne: options.oneByOne ?? false, sql })),
      filled: [...filled.values()],
      failed,
    };
  } finally {
    await shadow.dispose();
  }
}

/** Adds the rules' findings, where PostgreSQL's parser is installed. */
async function judged(
  { statements, sent }: Tracer,
  {
    server,
    oneByOne,
    sql = "",
  }: { readonly server: string; readonly oneByOne: boolean; readonly sql: string | undefined },
): Promise<Pick<RepoTrace, "statements" | "comparedWithRules">> {
  const parser = await loadParser();
  if (parser === undefined) return { statements, comparedWithRules: false };
  const major = Number(/PostgreSQL (\d+)/.exec(server)?.[1] ?? newestMajor);
  const base = parser.statements(sql);
  const found = verdicts({ sent, traced: statements, parser, major, oneByOne, base });
  return {
    statements: statements.map((statement, i) => ({ ...statement, ...found.get(i) })),
    comparedWithRules: true,
  };
}

/** One migration after the other, by the engine itself. */
class Replay {
  readonly #release: Release;
  readonly #repo: string;
  readonly #shadow: Shadow;
  readonly #tracer: Tracer;

  constructor(
    release: Release,
    place: { readonly repo: string; readonly shadow: Shadow; readonly tracer: Tracer },
  ) {
    const { repo, shadow, tracer } = place;
    this.#repo = repo;
    this.#shadow = shadow;
    this.#tracer = tracer;
    this.#release = release.using({
      adapters: { [repo]: tracingAdapter(shadow.adapter, tracer) },
      emit: tracer.hear,
      write: () => undefined,
      inUse: false,
    });
  }

  /** The error that ends the replay, if any. */
  step(): Promise<ReleaseError | undefined> {
    return stepUp(this.#release, this.#repo, { step: 1 });
  }

  /** Everything in one run, which is faster where nothing happens in between. */
  all(): Promise<ReleaseError | undefined> {
    return stepUp(this.#release, this.#repo);
  }

  /** Fills the empty tables. */
  async fill(rows: number): Promise<readonly Filled[]> {
    const session = await open(this.#shadow);
    try {
      const filled = await fillTables(session, { rows, ours: this.#tracer.ours });
      this.#tracer.forgetMade();
      return filled;
    } finally {
      await session.close();
    }
  }
}

function open({ adapter }: Shadow): Promise<Session> {
  return adapter.open({ role: "work", application: "slipway trace" });
}

/** The objects that exist, by oid. */
async function thereIn(shadow: Shadow): Promise<ReadonlySet<string>> {
  const session = await open(shadow);
  try {
    return new Set((await look(session)).keys());
  } finally {
    await session.close();
  }
}

async function serverOf(shadow: Shadow): Promise<string> {
  const session = await open(shadow);
  try {
    const [row] = await session.query("SELECT version() AS version");
    return String(row?.version).split(" on ")[0] ?? "";
  } finally {
    await session.close();
  }
}
