/** Says of migrations that they have run, or that they have not. Runs nothing of them. */
import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../core/model/migration.ts";
import type { Statement } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import { eventStatement } from "../engine/event-table.ts";
import { ensureHistory, readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { type LaneName, type LaneOptions, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import { keptStep, recordApplied } from "./record-applied.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { type Holding, underLock } from "./under-lock.ts";

export type CountRequest = {
  readonly repo: Repo;
  readonly lane: LaneName;
  /** `up to` is a baseline: every migration up to the version has run. */
  readonly as: "applied" | "pending" | "applied up to";
  readonly version: Version;
  /** Why, for the events. */
  readonly reason: string;
  readonly options: LaneOptions;
};

/** What was changed, oldest first. Empty: everything was so already. */
export type Counted = readonly { readonly version: Version; readonly name: string }[];

/**
 * Writes history rows or takes them out, in one transaction under the lock, with an event for each.
 *
 * @throws {ReleaseError} `version_unknown`, `baseline_refused`, `lock_held`
 */
export async function countAs(request: CountRequest, world: RunWorld): Promise<Counted> {
  const { repo, lane: name, options } = request;
  const lane = laneOf(repo, name, options);
  const session = await openSession(repo, { role: "work", ...world });
  try {
    return await underLock({ repo, lane, session }, { options: {}, world }, (holding) =>
      change(request, session, holding),
    );
  } finally {
    await session.close();
  }
}

async function change(
  request: CountRequest,
  session: Session,
  { held, world }: Holding,
): Promise<Counted> {
  const { repo, version, as } = request;
  const lane = laneOf(repo, request.lane, request.options);
  const history = { table: lane.historyTable, repo: repo.name };
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: world.root,
    mayBeMissing: lane.mayBeMissing,
  });
  const { files } = await source.list();
  // Whoever counts answers for it, also beside another tool's history.
  const asIs = { ...repo, otherHistories: "ignore" } as const;
  const read = () => readHistory(session, history, files);
  const rows = await ownRows({ repo: asIs, session, history }, read);
  const known = [...files, ...rows].map((one) => one.version);
  if (!known.includes(version))
    throw new ReleaseError("version_unknown", { repo: repo.name, version, nearest: undefined });
  if (as === "applied up to") refuseBaseline(request, rows);
  const done = new Set(rows.map((row) => row.version));
  const chosen =
    as === "pending"
      ? rows.filter((row) => row.version === version)
      : files.filter((file) => !done.has(file.version) && isMeant(file, request));
  if (chosen.length === 0) return [];

  await ensureHistory(session, history);
  const facts = { ...world.facts, fence: held?.fence.number };
  const place = { repo, source, session };
  const statements =
    as === "pending"
      ? forget(session, request, { history: lane.historyTable, rows: chosen, facts })
      : recordApplied(session, lane.historyTable, {
          applied: await Promise.all(
            (chosen as readonly MigrationFile[]).map(async (file) => ({
              step: await keptStep(file, place),
            })),
          ),
          facts,
          result: "marked",
          reason: wordsOf(request),
        });
  const { begin, commit } = session.dialect;
  await session.execute([plain(begin), ...(held?.fence.proof ?? []), ...statements, plain(commit)]);
  return chosen.map((one) => ({ version: one.version, name: one.name ?? "" }));
}

/** A baseline is for a database that has all of it and knows nothing: rows would be of an earlier history. */
function refuseBaseline({ repo, version }: CountRequest, rows: readonly AppliedMigration[]): void {
  const newer = rows.filter((row) => compareVersions(row.version, version) > 0);
  const [first] = newer;
  if (first === undefined) return;
  throw new ReleaseError("baseline_refused", {
    repo: repo.name,
    version,
    newer: first.version,
    name: first.name,
  });
}

function isMeant({ version }: MigrationFile, request: CountRequest): boolean {
  return request.as === "applied up to"
    ? compareVersions(version, request.version) <= 0
    : version === request.version;
}

function forget(
  { dialect }: Session,
  request: CountRequest,
  {
    history,
    rows,
    facts,
  }: {
    readonly history: ReturnType<typeof laneOf>["historyTable"];
    readonly rows: readonly Pick<AppliedMigration, "version" | "name" | "rowNumber">[];
    readonly facts: Parameters<typeof eventStatement>[2]["facts"];
  },
): readonly Statement[] {
  return rows.flatMap(({ version, name, rowNumber }) => [
    plain(
      `DELETE FROM ${dialect.quoteNamed(history)} WHERE ${dialect.quote("version")} = ${rowNumber ?? versionNumber(version)}`,
    ),
    eventStatement(dialect, history, {
      event: {
        version,
        name,
        direction: "down",
        result: "marked",
        reason: wordsOf(request),
        duration: "NULL",
      },
      facts,
    }),
  ]);
}

function wordsOf({ as, version, reason }: CountRequest): string {
  return `${as === "applied up to" ? `applied, baseline at ${version}` : as}: ${reason}`;
}

function plain(sql: string): Statement {
  return { sql, policy: { kind: "plain" } };
}
