/**
 * Reads facts about migrations beside whether they ran: a run at work, half of one, a failure, an
 * edit. Reads only.
 */
import type { RunAtWork, Session } from "../adapters/adapter.ts";
import type { BackfillReport } from "../backfill/report.ts";
import { backfillShare, backfillState } from "../core/backfill/state-words.ts";
import { type LockWait, shownQuery } from "../core/model/blocker.ts";
import { isReleaseError } from "../core/model/errors.ts";
import type { AppliedMigration, MigrationFile, Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { FailedTry, StatusFacts, StatusPart } from "../core/plan/status.ts";
import { actionOf } from "../core/plan/stored-plan.ts";
import type { Source } from "../engine/discovery/source.ts";
import { type HistoryEvent, readEvents } from "../engine/event-table.ts";
import { type HalfDone, readHalfDone } from "../engine/half-done.ts";
import { type HistoryPlace, readPlans } from "../engine/history.ts";
import { readBegun, readJournal } from "../engine/journal.ts";
import { type Unit, unitsOf } from "../engine/units.ts";
import type { Repo } from "./config.ts";
import { findEdited } from "./edited.ts";
import { lockName } from "./lock-name.ts";
import { refusedUndo } from "./refused-undo.ts";

/** A run at work, with the holder of its lock, and whoever is in its way. */
export type RunningNow = RunAtWork & {
  /** The version of the migration, as far as the database tells. */
  readonly version?: Version;
  readonly name?: string;
};

export type FactsInput = {
  readonly repo: Repo;
  readonly session: Session;
  readonly place: HistoryPlace;
  readonly files: readonly MigrationFile[];
  readonly applied: readonly AppliedMigration[];
  readonly source: Source;
  readonly prefix: string | undefined;
};

export type LaneFacts = {
  readonly byVersion: ReadonlyMap<Version, StatusFacts>;
  readonly run?: RunningNow;
};

/** The last failure of a migration is among this many events, or it is long ago. */
const eventsSeen = 100;

/** The tables and backfills beside the histories, in their schema. */
export type BesideHistories = {
  /** Which tables of ours are there. */
  readonly tables: readonly string[];
  /** Backfills that were begun and are not finished. */
  readonly backfills: readonly BackfillReport[];
};

/** `history` is that of the data migrations. */
export async function readBeside(session: Session, history: Named): Promise<BesideHistories> {
  const tables = await courtesy(session, () => ownTables(session), ["slipway_events"]);
  if (!tables.includes("slipway_backfills")) return { tables, backfills: [] };
  const { readReports } = await import("../backfill/report.ts");
  const read = () => readReports(session, history, ({ state }) => state !== "finished");
  return { tables, backfills: await courtesy(session, read, []) };
}

/** Answers that most repos have a use for. */
type EarlyAnswers = {
  readonly applied: Promise<readonly AppliedMigration[]>;
  readonly events: Promise<readonly HistoryEvent[]>;
  readonly run: Promise<RunAtWork | undefined>;
};

/** What stands around the rows of a history. */
export type AroundRows = {
  readonly beside: BesideHistories;
  /** Default: each is asked for when it is needed. */
  readonly early?: EarlyAnswers | undefined;
};

/** Asks at once for what it can: far away that is one wait instead of four. `dataHistory` as `readBeside` takes it. */
export async function readAround(
  { session, place }: Pick<FactsInput, "session" | "place">,
  asks: { readonly dataHistory: Named; readonly applied: () => EarlyAnswers["applied"] },
): Promise<AroundRows> {
  const beside = () => readBeside(session, asks.dataHistory);
  if (session.together === undefined) return { beside: await beside() };
  return session.together(async () => {
    const asked = {
      applied: asks.applied(),
      events: lastEvents(session, place),
      run: atWork(session, place),
    };
    const [found] = await Promise.allSettled([beside(), ...Object.values(asked)]);
    if (found.status === "rejected") throw found.reason;
    return { beside: found.value, early: asked };
  });
}

export async function readFacts(
  input: FactsInput,
  { beside, early, isData }: AroundRows & { readonly isData: boolean },
): Promise<LaneFacts> {
  const { session, place, files, applied } = input;
  const { tables, backfills } = beside;
  const has = (table: string) => tables.includes(table);
  const halves = has("slipway_journal")
    ? await readHalfDone(session, place, files)
    : new Map<Version, HalfDone>();
  const run = await runningNow(input, halves, early?.run);
  const events = has("slipway_events") ? await (early?.events ?? lastEvents(session, place)) : [];
  const edited = await editedAmong(input);
  const facts = new Map<Version, StatusFacts>();
  const note = (version: Version, more: StatusFacts) =>
    facts.set(version, { ...facts.get(version), ...more });
  for (const { version, appliedAt } of applied) if (appliedAt) note(version, { appliedAt });
  for (const version of edited) note(version, { edited: true });
  for (const [version, half] of halves) note(version, { part: await partOf(version, half, input) });
  for (const [version, failed] of failures(events, applied)) note(version, { failed });
  for (const one of isData ? backfills : [])
    note(one.version, {
      share: [backfillShare(one), backfillState(one)].filter(Boolean).join(", "),
    });
  if (run?.version !== undefined) note(run.version, { running: true });
  return { byVersion: facts, ...(run === undefined ? {} : { run }) };
}

/** Those of our tables that are there: to ask each for itself would leave an error in the server's log. */
async function ownTables(session: Session): Promise<readonly string[]> {
  const names = ["slipway_events", "slipway_journal", "slipway_backfills"];
  const rows = await session.query(session.dialect.tableColumnsSql(names));
  return [...new Set(rows.map((row) => String(row.table_name ?? row.TABLE_NAME)))];
}

/** A role that may read the history alone still gets the answer from that. */
async function courtesy<Result>(
  session: Session,
  read: () => Promise<Result>,
  otherwise: Result,
): Promise<Result> {
  try {
    return await read();
  } catch (error) {
    const kind = isReleaseError(error) ? undefined : session.errorKind(error);
    if (kind === undefined || kind === "connection_lost" || kind === "timeout") throw error;
    return otherwise;
  }
}

function lastEvents(session: Session, { table }: HistoryPlace): Promise<readonly HistoryEvent[]> {
  return courtesy(session, () => readEvents(session, [table], { limit: eventsSeen }), []);
}

async function atWork(session: Session, { table }: HistoryPlace): Promise<RunAtWork | undefined> {
  const name = lockName(table);
  if (session.runAtWork !== undefined) return session.runAtWork(name, table);
  const found = await session.lockHolder?.(name, table);
  return found && { holder: found };
}

async function runningNow(
  input: FactsInput,
  halves: ReadonlyMap<Version, HalfDone>,
  early?: EarlyAnswers["run"],
): Promise<RunningNow | undefined> {
  const { session, place, files } = input;
  const run = await (early ?? atWork(session, place));
  if (run === undefined) return undefined;
  const [named] = run.holder.migration?.split(" ") ?? [];
  const version = named ?? doubtIn(halves) ?? doubtIn(await since(input, run));
  const file = files.find((one) => one.version === version);
  return {
    ...withEnds(run, session.dialect),
    ...(version === undefined ? {} : { version }),
    ...(file === undefined ? {} : { name: file.name }),
  };
}

/** Adds the statements that end blockers, and a holder without signs of life. */
function withEnds(run: RunAtWork, { endSql }: Session["dialect"]): RunAtWork {
  if (endSql === undefined) return run;
  const { holder, wait, lastTry } = run;
  const ended = <Wait extends LockWait>(seen: Wait): Wait => ({
    ...seen,
    blockers: seen.blockers.map((one) => ({ ...one, end: endSql(one) })),
  });
  const { pid, silentMs } = holder;
  const isSilent = pid !== undefined && silentMs !== undefined;
  return {
    holder: isSilent ? { ...holder, end: endSql({ pid }) } : holder,
    ...(wait === undefined ? {} : { wait: ended(wait) }),
    ...(lastTry === undefined ? {} : { lastTry: ended(lastTry) }),
  };
}

function doubtIn(halves: ReadonlyMap<Version, HalfDone>): Version | undefined {
  return [...halves].find(([, { inDoubt }]) => inDoubt > 0)?.[0];
}

/** The statement that is seen to run may have been announced after the journal was read. */
async function since(
  { session, place, files }: FactsInput,
  { holder }: RunAtWork,
): Promise<ReadonlyMap<Version, HalfDone>> {
  const none = new Map<Version, HalfDone>();
  if (holder.running === undefined) return none;
  return courtesy(session, () => readHalfDone(session, place, files), none);
}

/** The newest event of each migration decides, unless it reached the same state in another way. */
function failures(
  events: readonly HistoryEvent[],
  applied: readonly AppliedMigration[],
): ReadonlyMap<Version, FailedTry> {
  const done = new Set(applied.map(({ version }) => version));
  const newest = new Map<Version, HistoryEvent>();
  for (const event of events) if (!newest.has(event.version)) newest.set(event.version, event);
  const found = new Map<Version, FailedTry>();
  for (const [version, { at, direction, result, reason }] of newest) {
    if (result !== "failed" && result !== "interrupted") continue;
    if (done.has(version) === (direction === "down"))
      found.set(version, { at, direction, result, reason });
  }
  return found;
}

/** A file that cannot be loaded any more is edited too. */
async function editedAmong(input: FactsInput): Promise<ReadonlySet<Version>> {
  const { repo, session, place, files, applied, source, prefix } = input;
  const byVersion = new Map(files.map((file) => [file.version, file]));
  const { dialect } = session;
  const { defaults, hooks } = repo;
  const found = new Set<Version>();
  for (const row of applied) {
    const file = byVersion.get(row.version);
    if (file === undefined || row.meaning === undefined) continue;
    const checksum = await source.checksum(file);
    if (checksum !== undefined && checksum === row.checksum) continue;
    try {
      const { meaning } = await findEdited({
        files,
        applied: [row],
        source,
        session,
        history: place,
        prepare: { direction: "up", dialect, defaults, hooks, prefix },
      });
      if (meaning.length > 0) found.add(row.version);
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      found.add(row.version);
    }
  }
  return found;
}

/** The units of what began, by the plan that the journal or the history keeps. */
async function partOf(
  version: Version,
  half: HalfDone,
  { session, place, files }: FactsInput,
): Promise<StatusPart> {
  const { direction } = half;
  const begun = await readBegun(session, place, files);
  const kept =
    begun.get(version)?.plan ?? (await readPlans(session, place, [version])).get(version)?.plan;
  const side = direction === "up" ? kept?.up : kept?.down;
  if (side === undefined || "refused" in side) return half;
  const lines = await readJournal(session, { history: place, version, direction });
  const refused =
    kept === undefined || direction === "down"
      ? undefined
      : await courtesy(session, () => refusedUndo(session, kept, lines), undefined);
  const units = unitsOf({ actions: side.actions.map(actionOf) }).filter(
    ({ kind }) => kind !== "setting",
  );
  return {
    ...half,
    ...(refused === undefined ? {} : { refusedUndo: refused }),
    units: units.map((unit) => {
      const state = lines.get(unit.position)?.state;
      const words = unitWords(unit);
      if (state === undefined) return { words, state: "to_come" };
      return { words, state: state === "done" ? "done" : "in_doubt" };
    }),
  };
}

/** Shows each of several statements of one operation by itself, as those of a file. */
function unitWords(unit: Unit): string {
  const { action } = unit;
  const isOne = action.kind !== "statements" || action.statements.length < 2 || action.together;
  if (isOne) return action.words;
  if (unit.kind === "alone") return shownQuery(unit.statement.sql);
  return unit.kind === "atomic"
    ? unit.statements.map(({ sql }) => shownQuery(sql)).join("; ")
    : action.words;
}
