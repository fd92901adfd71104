/** Shows which migrations have run, on every repo at once. Takes no lock and writes nothing. */

import type { Session } from "../adapters/adapter.ts";
import type { BackfillReport } from "../backfill/report.ts";
import type { Version } from "../core/model/migration.ts";
import { type StatusRow, status, statusBlock } from "../core/plan/status.ts";
import { readApplied, readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { type LaneName, type LaneOptions, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import type { PrepareContext } from "./run-world.ts";
import { settle } from "./settle.ts";
import { sourceOf } from "./source.ts";
import type { BesideHistories, RunningNow } from "./status-facts.ts";
import { reading } from "./stoppable.ts";
import type { TenantsStatus } from "./tenants/tenant-status.ts";

/** The migrations of one repo: which have run, and which have not. */
export type RepoStatus = {
  readonly repo: string;
  readonly migrations: readonly StatusRow[];
  /** Only when asked for with `data: true`. */
  readonly dataMigrations?: readonly StatusRow[];
  /**
   * The run that holds the lock of the schema migrations, or with `data: true` of the data migrations. Left out when
   * there is none.
   */
  readonly run?: RunningNow;
  /** Backfills that were begun and are not finished. Left out when there are none. */
  readonly backfills?: readonly BackfillReport[];
  /** Where the repo is many. */
  readonly tenants?: TenantsStatus;
};

type Options = LaneOptions & {
  readonly data?: boolean | undefined;
  readonly plain?: boolean | undefined;
  readonly tenants?: boolean | undefined;
};

/** The status of each repo, and the errors of those that could not be read. */
export function readStatuses(repos: readonly Repo[], options: Options, context: PrepareContext) {
  return settle(repos, (repo) => readStatus(repo, options, context));
}

async function readStatus(
  repo: Repo,
  options: Options,
  context: PrepareContext,
): Promise<RepoStatus> {
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  const { prefix } = options;
  try {
    const at = { repo, session, context };
    const { rows, run, beside } = await readLane("schema", options, at);
    const data =
      options.data === true
        ? await readLane("data", { prefix, plain: options.plain }, { ...at, beside })
        : undefined;
    const isBehind = rows.some(({ status }) => status === "down");
    const tenants = await tenantsOf(repo, session, { ...options, isBehind }, context);
    const atWork = run ?? data?.run;
    return {
      repo: repo.name,
      migrations: rows,
      ...(data === undefined ? {} : { dataMigrations: data.rows }),
      ...(tenants === undefined ? {} : { tenants }),
      ...(atWork === undefined ? {} : { run: atWork }),
      ...(beside === undefined || beside.backfills.length === 0
        ? {}
        : { backfills: beside.backfills }),
    };
  } finally {
    await session.close();
  }
}

/** Most repos are one. */
async function tenantsOf(
  repo: Repo,
  session: Session,
  options: Options & { readonly isBehind: boolean },
  context: PrepareContext,
): Promise<TenantsStatus | undefined> {
  if (repo.tenants === undefined) return undefined;
  const { isInPlaces } = await import("./tenants/tenant-lane.ts");
  if (isInPlaces(repo)) {
    const { readPlacesStatus } = await import("./tenants/look-at-places.ts");
    return readPlacesStatus(repo, session, options, context, readStatuses);
  }
  const { readTenantsStatus } = await import("./tenants/tenant-status.ts");
  return readTenantsStatus(repo, session, options, context);
}

type LaneStatus = {
  readonly rows: readonly StatusRow[];
  readonly run?: RunningNow | undefined;
  /** The state beside the histories; nothing where the block alone is wanted. */
  readonly beside?: BesideHistories | undefined;
};

async function readLane(
  name: LaneName,
  options: LaneOptions & Pick<Options, "plain">,
  at: {
    readonly repo: Repo;
    readonly session: Session;
    readonly context: PrepareContext;
    /** Default: it is read with the rows. */
    readonly beside?: BesideHistories | undefined;
  },
): Promise<LaneStatus> {
  const { repo, session, context } = at;
  const { prefix, plain } = options;
  const { migrations, historyTable, mayBeMissing } = laneOf(repo, name, options);
  const source = sourceOf(migrations, { repo: repo.name, root: context.root, mayBeMissing });
  const { files: listed, warnings } = await source.list();
  for (const told of warnings) context.emit({ type: "warning", repo: repo.name, ...told });
  const place = { table: historyTable, repo: repo.name };
  const known = new Set(listed.map((file) => file.version));
  const repeatable = listed.some((file) => file.repeatable || file.baseline);
  const isEnough = (done: ReadonlySet<Version>) =>
    !repeatable && [...done].every((one) => known.has(one));
  const history = () => readHistory(session, place, listed);
  const read = async (): Promise<LaneStatus> => {
    const facts = plain === true ? undefined : await import("./status-facts.ts");
    const dataHistory = laneOf(repo, "data", { prefix }).historyTable;
    const around =
      at.beside === undefined
        ? await facts?.readAround({ session, place }, { dataHistory, applied: history })
        : { beside: at.beside };
    let first = around?.early?.applied;
    const applied = () => {
      const asked = first;
      first = undefined;
      if (asked !== undefined) return asked;
      return facts === undefined ? readApplied(session, place, listed, isEnough) : history();
    };
    const ran = await (name === "schema"
      ? ownRows({ repo, session, history: place }, applied)
      : applied());
    const { files, applied: rows } = repeatable
      ? await (await import("./repeatables.ts")).repeatingOf(repo, {
          files: listed,
          applied: ran,
          history: place,
          source,
          session,
          prefix,
        })
      : { files: listed, applied: ran };
    if (facts === undefined || around === undefined) return { rows: status(files, rows) };
    const input = { repo, session, place, files, applied: rows, source, prefix };
    const { byVersion, run } = await facts.readFacts(input, { ...around, isData: name === "data" });
    return { rows: status(files, rows, byVersion), run, beside: around.beside };
  };
  return reading(session, context, read, source);
}

/** The blocks that people read, each with its remarks. */
export async function statusText(
  statuses: readonly RepoStatus[],
  options: {
    readonly long?: boolean | undefined;
    readonly behind?: boolean | undefined;
  } = {},
): Promise<string> {
  const blocks: string[] = [];
  for (const one of statuses) {
    const { repo, migrations, dataMigrations } = one;
    blocks.push(statusBlock(`Repo: ${repo}`, migrations, options));
    if (dataMigrations !== undefined)
      blocks.push(statusBlock(`Repo: ${repo} (data migrations)`, dataMigrations, options));
    if (one.tenants !== undefined) {
      const { tenantsText } = await import("./tenants/tenant-status.ts");
      blocks.push(tenantsText(repo, one.tenants, options));
    }
    if (!hasNotes(one)) continue;
    const { statusNotes } = await import("../core/plan/status-notes.ts");
    blocks.push(statusNotes(one));
  }
  return blocks.join("");
}

function hasNotes({ migrations, dataMigrations = [], run, backfills }: RepoStatus): boolean {
  const rows = [...migrations, ...dataMigrations];
  return (
    run !== undefined ||
    backfills !== undefined ||
    rows.some(({ part, failed, edited }) => part ?? failed ?? edited)
  );
}
