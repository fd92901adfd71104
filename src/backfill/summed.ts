/** Sums up the backfills of one version that many databases have, each in its own ledger. */
import type { RunState } from "./ledger.ts";
import type { BackfillReport, TenantCounts } from "./report.ts";

/** The state of all, while some are in one and some in another: the one that somebody has to look at first. */
const firstToSee: readonly RunState[] = ["failed", "running", "paused", "cancelled", "finished"];

/** Keeps sums only, so memory does not grow with the number of tenants. */
export class SummedBackfills {
  readonly #sums = new Map<string, BackfillReport>();

  add({ tenant, ...report }: BackfillReport & { readonly tenant: string }): void {
    const { version, held } = report;
    const reason = `tenant ${tenant}: ${held?.reason}`;
    const one = held === undefined ? report : { ...report, held: { ...held, reason } };
    const sum = this.#sums.get(version);
    this.#sums.set(version, sum === undefined ? first(one) : added(sum, one));
  }

  /** Oldest version first. */
  get result(): readonly BackfillReport[] {
    return [...this.#sums.values()].toSorted((a, b) =>
      BigInt(a.version) < BigInt(b.version) ? -1 : 1,
    );
  }
}

/** One of them: why it stopped and its pace are its own, and not those of all. */
function first({
  reason: _,
  abandoned: _a,
  restsMs: _r,
  ...report
}: BackfillReport): BackfillReport {
  return { ...report, pace: {}, tenants: { [report.state]: 1 } };
}

function added(
  { finishedAt, idleMs, ...sum }: BackfillReport,
  one: BackfillReport,
): BackfillReport {
  const tenants: TenantCounts = {
    ...sum.tenants,
    [one.state]: (sum.tenants?.[one.state] ?? 0) + 1,
  };
  const state = firstToSee.find((each) => tenants[each] !== undefined) ?? one.state;
  const idle = [idleMs, one.idleMs].filter((ms) => ms !== undefined);
  const ends = [finishedAt, one.finishedAt].filter((at) => at !== undefined).map(Number);
  return {
    ...{ ...sum, state, tenants },
    rowsSeen: sum.rowsSeen + one.rowsSeen,
    rowsChanged: sum.rowsChanged + one.rowsChanged,
    rowsExpected: sum.rowsExpected + one.rowsExpected,
    rowsDead: sum.rowsDead + one.rowsDead,
    ranges: sum.ranges + one.ranges,
    rangesOpen: sum.rangesOpen + one.rangesOpen,
    batches: sum.batches + one.batches,
    walBytes: sum.walBytes + one.walBytes,
    busyMs: sum.busyMs + one.busyMs,
    ...(isLonger(one, sum) ? { held: one.held } : {}),
    ...(idle.length === 0 ? {} : { idleMs: Math.min(...idle) }),
    startedAt: new Date(Math.min(Number(sum.startedAt), Number(one.startedAt))),
    ...(state === "finished" && ends.length > 0 ? { finishedAt: new Date(Math.max(...ends)) } : {}),
  };
}

/** Whether it holds, and for longer than the other. */
function isLonger<Report extends Pick<BackfillReport, "held">>(
  one: Report,
  other: Pick<BackfillReport, "held">,
): one is Report & { readonly held: NonNullable<BackfillReport["held"]> } {
  return one.held !== undefined && one.held.heldMs > (other.held?.heldMs ?? 0);
}
