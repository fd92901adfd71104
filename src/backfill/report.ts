/** What is known of the runs of backfills, for those who look. Reads only. */
import type { Session } from "../adapters/adapter.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { countDead, type DeadRow, readDead } from "./dead.ts";
import { type PaceChange, type RunRow, type RunState, readRuns } from "./ledger.ts";
import { nobodyWorks } from "./presence.ts";
import { type RangeReport, readLatestRanges, readSums } from "./progress.ts";

export type BackfillReport = {
  readonly version: Version;
  readonly name: string;
  readonly state: RunState;
  readonly reason?: string;
  readonly rowsSeen: number;
  readonly rowsChanged: number;
  readonly rowsExpected: number;
  readonly rowsDead: number;
  readonly ranges: number;
  readonly rangesOpen: number;
  readonly batches: number;
  readonly walBytes: number;
  /** Time that connections spent in batches, added up. */
  readonly busyMs: number;
  /** How long ago the last batch was. */
  readonly idleMs?: number;
  /** It is to run, has not for a while, and nobody is there to work on it. Where that can be told. */
  readonly abandoned?: true;
  /** What was changed of its pace by command. */
  readonly pace: PaceChange;
  readonly startedAt: Date;
  readonly finishedAt?: Date;
};

/** A run with its dead letters, and the ranges that were worked on last. */
export type BackfillDetails = BackfillReport & {
  readonly dead: readonly DeadRow[];
  /** Left out where nobody looked. */
  readonly latest?: readonly RangeReport[];
};

/** So many ranges are shown. */
const mostRanges = 12;

/** So many dead letters are shown. */
const mostDead = 20;

export async function readReports(
  session: Session,
  history: Named,
  isWanted: (run: RunRow) => boolean = () => true,
): Promise<readonly BackfillReport[]> {
  const reports: BackfillReport[] = [];
  for (const run of await readRuns(session, history))
    if (isWanted(run)) reports.push(await reportOf(session, history, run));
  return reports;
}

/** `undefined` when there is no run of this version. */
export async function readDetails(
  session: Session,
  history: Named,
  version: Version,
): Promise<BackfillDetails | undefined> {
  const [run] = await readRuns(session, history, version);
  if (run === undefined) return undefined;
  const dead = await readDead(session, { history }, { run: run.id, limit: mostDead });
  const { keyShown = (text: string) => text } = session.dialect.backfill;
  const shown = dead.map((row) => ({ ...row, key: row.key.map(keyShown) }));
  const latest = await readLatestRanges(session, history, { run: run.id, limit: mostRanges });
  return { ...(await reportOf(session, history, run)), dead: shown, latest };
}

async function reportOf(session: Session, history: Named, run: RunRow): Promise<BackfillReport> {
  const { open, idleMs, ...sums } = await readSums(session, history, run.id);
  const { version, name, state, reason, estimate, startedMs, finishedMs } = run;
  return {
    ...{ version, name, state, ...sums, rangesOpen: open, rowsExpected: estimate },
    ...(reason === undefined ? {} : { reason }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...((await isAbandoned(session, history, { state, idleMs })) ? { abandoned: true } : {}),
    rowsDead: await countDead(session, { history }, run.id),
    pace: JSON.parse(run.pace) as PaceChange,
    startedAt: new Date(startedMs),
    ...(finishedMs === undefined ? {} : { finishedAt: new Date(finishedMs) }),
  };
}

/** A worker that rests or holds looks at its run more often than that, and a batch is short. */
const silenceMs = 10_000;

async function isAbandoned(
  session: Session,
  history: Named,
  { state, idleMs }: { readonly state: RunState; readonly idleMs: number | undefined },
): Promise<boolean> {
  if (state !== "running" || (idleMs !== undefined && idleMs < silenceMs)) return false;
  return (await nobodyWorks(session, history)) === true;
}
