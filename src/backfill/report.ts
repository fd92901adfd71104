/** Reports the runs of backfills, for those who look. Reads only. */
import type { Session } from "../adapters/adapter.ts";
import { type Held, heldNow } from "../core/backfill/hold-words.ts";
import type { Version } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import { countDeadOf, type DeadRow, readDead } from "./dead.ts";
import { type PaceChange, type RunRow, type RunState, readRuns } from "./ledger.ts";
import { nobodyWorks } from "./presence.ts";
import { noSums, type RangeReport, readLatestRanges, readSumsOf, type Sums } from "./progress.ts";

/** How many of the tenants that were begun are in which state. */
export type TenantCounts = { readonly [state in RunState]?: number };

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
  /** How long ago its last batch was, or its beginning, while it is to run. */
  readonly restsMs?: number;
  /**
   * It should run, has not for a while, and nobody is there to work on it. Left out where nobody
   * can tell.
   */
  readonly abandoned?: true;
  /** Why its throttle lets nothing run, as its workers say, and for how long. Left out while none holds it. */
  readonly held?: Held;
  /** Over tenants: how many of those that were begun are in which state. Left out where it is one. */
  readonly tenants?: TenantCounts;
  /** The changes of its pace by command. */
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

/** The maximum number of ranges in a report. */
const mostRanges = 12;

/** The maximum number of dead letters in a report. */
const mostDead = 20;

/** One query asks about at most this many runs. */
const runsAtOnce = 100;

/** Reports on the runs of a history, oldest version first, in a few queries however many runs there are. */
export async function readReports(
  session: Session,
  history: Named,
  isWanted: (run: RunRow) => boolean = () => true,
): Promise<readonly BackfillReport[]> {
  return reportsOf(session, history, (await readRuns(session, history)).filter(isWanted));
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
  const [report] = await reportsOf(session, history, [run]);
  return report && { ...report, dead: shown, latest };
}

/** Reports on runs that were read, in their order. */
export async function reportsOf(
  session: Session,
  history: Named,
  runs: readonly RunRow[],
): Promise<readonly BackfillReport[]> {
  const sums = new Map<string, Sums>();
  const dead = new Map<string, number>();
  for (let i = 0; i < runs.length; i += runsAtOnce) {
    const ids = runs.slice(i, i + runsAtOnce).map(({ id }) => id);
    for (const [id, sum] of await readSumsOf(session, history, ids)) sums.set(id, sum);
    for (const [id, count] of await countDeadOf(session, { history }, ids)) dead.set(id, count);
  }
  const isSilent = ({ id, state }: RunRow) =>
    state === "running" && (sums.get(id)?.idleMs ?? silenceMs) >= silenceMs;
  const isNobodyThere = runs.some(isSilent) && (await nobodyWorks(session, history)) === true;
  return runs.map((run) => ({
    ...reportOf(run, sums.get(run.id) ?? noSums),
    rowsDead: dead.get(run.id) ?? 0,
    ...(isNobodyThere && isSilent(run) ? { abandoned: true } : {}),
  }));
}

/** A worker that rests or holds looks at its run more often than that, and a batch is short. */
const silenceMs = 10_000;

function reportOf(
  { version, name, state, reason, hold, estimate, pace, startedMs, finishedMs }: RunRow,
  { open, idleMs, nowMs, ...sums }: Sums,
): Omit<BackfillReport, "rowsDead"> {
  // A run without ranges has nothing to hold, and its sums have no clock.
  const held = nowMs === 0 ? undefined : heldNow(hold, { nowMs, idleMs });
  return {
    ...{ version, name, state, ...sums, rangesOpen: open, rowsExpected: estimate },
    ...(reason === undefined ? {} : { reason }),
    ...(held === undefined ? {} : { held }),
    ...(idleMs === undefined ? {} : { idleMs }),
    ...(state === "running" ? { restsMs: idleMs ?? Math.max(0, nowMs - startedMs) } : {}),
    pace: JSON.parse(pace) as PaceChange,
    startedAt: new Date(startedMs),
    ...(finishedMs === undefined ? {} : { finishedAt: new Date(finishedMs) }),
  };
}
