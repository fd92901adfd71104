/** Says of migrations that they have run, or that they have not. Runs nothing of them. */

import type { Session } from "../adapters/adapter.ts";
import type { Dialect } from "../core/language/dialect.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import { plain } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import { withBaseline } from "../core/plan/baselines.ts";
import { type Order, orderOf } from "../core/plan/order.ts";
import type { Step } from "../core/plan/step.ts";
import type { Source } from "../engine/discovery/source.ts";
import { eventStatement } from "../engine/event-table.ts";
import { type HalfDone, readHalfDone } from "../engine/half-done.ts";
import { ensureHistory, type HistoryPlace, readHistory } from "../engine/history.ts";
import { forgetAllStatement } from "../engine/journal.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import type { Repo } from "./config.ts";
import { type LaneName, type LaneOptions, laneOf } from "./lane.ts";
import { meantVersion } from "./meant-version.ts";
import { movedInStatements } from "./moved-in.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import { keptStep, recordApplied } from "./record-applied.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { againSteps } from "./steps.ts";
import { reading } from "./stoppable.ts";
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

/** The changed rows, oldest first. Empty: everything was so already. */
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

function change(request: CountRequest, session: Session, holding: Holding): Promise<Counted> {
  const { repo } = request;
  const { world } = holding;
  const lane = laneOf(repo, request.lane, request.options);
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: world.root,
    mayBeMissing: lane.mayBeMissing,
  });
  return reading(session, world, () => countIn(request, { source, session }, holding), source);
}

async function countIn(
  given: CountRequest,
  { source, session }: { readonly source: Source; readonly session: Session },
  { held, world }: Holding,
): Promise<Counted> {
  const { repo, as } = given;
  const lane = laneOf(repo, given.lane, given.options);
  const history = { table: lane.historyTable, repo: repo.name };
  const { files: listed } = await source.list();
  const version = meantVersion(repo.name, given.version, listed);
  const request = { ...given, version };
  // The user answers for the count, also beside another tool's history.
  const read = () => readHistory(session, history, listed);
  const rows = await ownRows({ repo, session, history, answeredFor: true }, read);
  const halfDone = await readHalfDone(session, history, listed);
  const order = orderOf(listed);
  const files = filesThatCount(request, { listed, rows, order });
  // A baseline may be named by a migration that it replaces.
  const named = as === "applied" ? files : listed;
  const known = [...[...named, ...rows].map((one) => one.version), ...halfDone.keys()];
  if (!known.includes(version))
    throw new ReleaseError("version_unknown", { repo: repo.name, version, nearest: undefined });
  if (as === "applied up to") refuseBaseline(request, rows, order);
  const { prefix } = given.options;
  const place = { repo, source, session, history, prefix };
  const again = await runsAgain(request, { files: listed, applied: rows }, place);
  const done = new Set(rows.map((row) => row.version).filter((one) => !again.has(one)));
  const chosen =
    as === "pending"
      ? rows.filter((row) => row.version === version)
      : files.filter((file) => !done.has(file.version) && isMeant(file, request, order));
  const settled = settledParts(request, { chosen, files, halfDone });
  // Without its file nothing can be recorded, and without a row the rest of it would run again from its beginning.
  if (as === "applied" && settled.some((one) => !done.has(one.version)))
    throw new ReleaseError("version_unknown", { repo: repo.name, version, nearest: undefined });
  if (chosen.length + settled.length === 0) return [];

  await ensureHistory(session, history);
  const facts = { ...world.facts, fence: held?.fence.number };
  const counted =
    as === "pending"
      ? forget(session, request, { history: lane.historyTable, rows: chosen, facts })
      : recordApplied(session, lane.historyTable, {
          applied: await stepsTo(chosen as readonly MigrationFile[], again, place),
          facts,
          result: "marked",
          reason: wordsOf(request),
        });
  const { dialect } = session;
  const came =
    as === "applied up to" && rows.length === 0
      ? movedInStatements(session, lane.historyTable, {
          files: listed,
          facts,
        })
      : [];
  const parts = [...chosen, ...settled].filter((one) => halfDone.has(one.version));
  const statements = [
    ...counted,
    ...came,
    ...parts.map(({ version }) => forgetAllStatement(dialect, { history, version })),
    ...settled.map((one) =>
      markedEvent(dialect, request, { one, history: lane.historyTable, facts }),
    ),
  ];
  const { begin, commit } = session.dialect;
  await session.execute([plain(begin), ...(held?.fence.proof ?? []), ...statements, plain(commit)]);
  return [...chosen, ...settled].map((one) => ({ version: one.version, name: one.name ?? "" }));
}

type Place = Parameters<typeof keptStep>[1] & { readonly history: HistoryPlace };
type Again = ReadonlyMap<Version, AppliedMigration>;

/** A migration that has run, and is to run again: once marked, its present file counts. */
async function runsAgain(
  { as, version, repo }: CountRequest,
  ran: { readonly files: readonly MigrationFile[]; readonly applied: readonly AppliedMigration[] },
  { prefix, ...place }: Place,
): Promise<Again> {
  const isMeant = as === "applied" && ran.applied.some((row) => row.version === version);
  if (!isMeant || !ran.files.some((file) => file.version === version && file.repeatable))
    return new Map();
  const { repeatingOf } = await import("./repeatables.ts");
  const { again } = await repeatingOf(repo, { ...ran, ...place, prefix });
  return again;
}

async function stepsTo(
  files: readonly MigrationFile[],
  again: Again,
  place: Place,
): Promise<readonly { readonly step: Step }[]> {
  const kept = await Promise.all(files.map((file) => keptStep(file, place)));
  const steps = await againSteps(kept, { ...place, again });
  return steps.map((step) => ({ step }));
}

/**
 * Leaves out files that a baseline of the database replaces, and a baseline where the database has
 * those files.
 */
function filesThatCount(
  { as, version }: CountRequest,
  {
    listed,
    rows,
    order,
  }: {
    readonly listed: readonly MigrationFile[];
    readonly rows: readonly AppliedMigration[];
    readonly order: Order;
  },
): readonly MigrationFile[] {
  if (as === "applied up to")
    return withBaseline(
      listed.filter((file) => order(file.version, version) <= 0),
      rows,
    );
  // On a database where nothing has run, the one that is named decides.
  return withBaseline(listed, rows.length === 0 ? [{ version }] : rows);
}

/** The migration whose journal lines go: a part of it ran, and its history row is already right. */
function settledParts(
  { as, version }: CountRequest,
  {
    chosen,
    files,
    halfDone,
  }: {
    readonly chosen: readonly { readonly version: Version }[];
    readonly files: readonly MigrationFile[];
    readonly halfDone: ReadonlyMap<Version, HalfDone>;
  },
): readonly MarkedMigration[] {
  const isChosen = chosen.some((one) => one.version === version);
  if (as === "applied up to" || isChosen || !halfDone.has(version)) return [];
  const name = files.find((file) => file.version === version)?.name;
  return [{ version, name }];
}

type MarkedMigration = Pick<AppliedMigration, "version" | "name">;

/** A baseline is for a database that has all of it and knows nothing: rows would be of an earlier history. */
function refuseBaseline(
  { repo, version }: CountRequest,
  rows: readonly AppliedMigration[],
  order: Order,
): void {
  const newer = rows.filter((row) => order(row.version, version) > 0);
  const [first] = newer;
  if (first === undefined) return;
  throw new ReleaseError("baseline_refused", {
    repo: repo.name,
    version,
    newer: first.version,
    name: first.name,
  });
}

function isMeant({ version }: MigrationFile, request: CountRequest, order: Order): boolean {
  return request.as === "applied up to"
    ? order(version, request.version) <= 0
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
    readonly history: Named;
    readonly rows: readonly Pick<AppliedMigration, "version" | "name" | "rowNumber">[];
    readonly facts: RunFacts;
  },
): readonly Statement[] {
  return rows.flatMap(({ version, name, rowNumber }) => [
    plain(
      `DELETE FROM ${dialect.quoteNamed(history)} WHERE ${dialect.quote("version")} = ${rowNumber ?? versionNumber(version)}`,
    ),
    markedEvent(dialect, request, { one: { version, name }, history, facts }),
  ]);
}

function markedEvent(
  dialect: Dialect,
  request: CountRequest,
  { one, history, facts }: { one: MarkedMigration; history: Named; facts: RunFacts },
): Statement {
  const direction = request.as === "pending" ? "down" : "up";
  const reason = wordsOf(request);
  const event = { ...one, direction, result: "marked", reason, duration: "NULL" } as const;
  return eventStatement(dialect, history, { event, facts });
}

function wordsOf({ as, version, reason }: CountRequest): string {
  return `${as === "applied up to" ? `applied, baseline at ${version}` : as}: ${reason}`;
}
