/** A backfill from where it is to its end, or to where it is to stop. */
import type { Session } from "../adapters/adapter.ts";
import { dotted } from "../core/language/describe.ts";
import type { Edge } from "../engine/events.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import type { BackfillEnd } from "./backfill-end.ts";
import { finish } from "./finish.ts";
import { changeRun, type RunRow } from "./ledger.ts";
import { readSums } from "./progress.ts";
import { withConnection } from "./reconnect.ts";
import { codeOf } from "./register.ts";
import { Regulator } from "./regulator.ts";
import type { BackfillTarget } from "./target.ts";
import type { ThrottleGate } from "./throttle/gate.ts";
import { Worker } from "./worker.ts";
import type { WorkerEnd } from "./worker-context.ts";

export type RunBackfillContext = {
  readonly session: Session;
  readonly target: BackfillTarget;
  readonly run: RunRow;
  readonly edge: Edge;
  /** Whether somebody else has begun it. */
  readonly joined: boolean;
  readonly open: () => Promise<Session>;
  readonly single: boolean;
  readonly forMs?: number | undefined;
  /** The throttle of several backfills on one server. Default: its own. */
  readonly gate?: ThrottleGate | undefined;
  /** Who writes the event of a long hold. Default: nobody does. */
  readonly facts?: RunFacts | undefined;
};

/** How it ended, and a connection that is alive: the one that was given may have been lost meanwhile. */
export type EndedBackfill = { readonly end: BackfillEnd; readonly session: Session };

/** Works until it is finished, or until there is a reason to stop. Any number of processes may do so at once. */
export async function runBackfill(context: RunBackfillContext): Promise<EndedBackfill> {
  const { target, run, edge } = context;
  const regulator = new Regulator(context);
  const { migration } = regulator;
  const table = dotted(target.backfill.table);
  const rowsExpected = run.estimate;
  edge.emit({ type: "backfill_started", migration, table, rowsExpected, joined: context.joined });
  const sums = (session: Session) => readSums(session, target.ref.history, run.id);
  const before = await withConnection(context.session, context, sums);
  regulator.startFrom(before.result.rowsSeen);
  const worked = await workAll({ ...context, session: before.session }, regulator);
  const ended = await withConnection(worked.session, context, async (session) => {
    const end = await endOf({ ...context, session }, worked.end);
    return { end, ...(await sums(session)) };
  });
  const { end, rowsSeen, rowsChanged } = ended.result;
  edge.emit({ type: "backfill_ended", migration, end: wordOf(end), rowsSeen, rowsChanged });
  return { end, session: ended.session };
}

type Worked = { readonly end: WorkerEnd; readonly session: Session };

/** Gives the end of the workers; nobody works on a run that must not continue. */
async function workAll(context: RunBackfillContext, regulator: Regulator): Promise<Worked> {
  const { run, target, session } = context;
  if (run.state !== "running") return { end: { kind: "stopped", state: run.state }, session };
  if (run.code !== codeOf(target)) return { end: { kind: "stopped", state: "changed" }, session };
  return workTogether(context, regulator);
}

async function endOf(context: RunBackfillContext, end: WorkerEnd): Promise<BackfillEnd> {
  const { target, session, run } = context;
  switch (end.kind) {
    case "surplus":
    case "time_over":
      return { kind: "time_over" };
    case "interrupted":
      return { kind: "interrupted" };
    case "stopped":
      if (end.state === "changed") return { kind: "changed" };
      if (end.state === "finished") return { kind: "finished" };
      return { kind: "stopped", state: end.state, reason: run.reason };
    case "failed": {
      const { reason } = end;
      await changeRun(session, target.ref, { from: ["running"], state: "failed", reason });
      return { kind: "stopped", state: "failed", reason };
    }
    case "done":
      return finish(context);
  }
}

/** As many workers as the pace says, also while it changes; the first keeps the connection of the caller. */
async function workTogether(context: RunBackfillContext, regulator: Regulator): Promise<Worked> {
  const others = new Map<number, Promise<void>>();
  const ends: WorkerEnd[] = [];
  const errors: unknown[] = [];
  const note = (end: WorkerEnd) => {
    ends.push(end);
    if (end.kind === "failed") regulator.stop();
  };
  const startOthers = () => {
    for (let index = 1; index < regulator.pace.parallel; index++) {
      if (others.has(index)) continue;
      const working = workAside(context, regulator, index)
        .then(note)
        .catch((error: unknown) => void errors.push(error))
        .finally(() => others.delete(index));
      others.set(index, working);
    }
  };
  regulator.onPace = startOthers;
  startOthers();
  const first = await workAlone(context, regulator, 0).catch((error: unknown) => {
    errors.unshift(error);
    regulator.stop();
  });
  if (first !== undefined) note(first.end);
  regulator.onPace = () => undefined;
  while (others.size > 0) await Promise.all(others.values());
  // The others did the work of a connection that failed, unless there is more to it.
  if (first === undefined || (errors.length > 0 && !isAllDone(first.end))) throw errors[0];
  return { session: first.session, end: worst(ends) };
}

/** Also when another process was the first to say so. */
function isAllDone(end: WorkerEnd): boolean {
  return end.kind === "done" || (end.kind === "stopped" && end.state === "finished");
}

/** Works on a separate connection, and closes it at the end. */
async function workAside(
  context: RunBackfillContext,
  regulator: Regulator,
  index: number,
): Promise<WorkerEnd> {
  const session = await context.open();
  const worked = await workAlone({ ...context, session }, regulator, index);
  await worked.session.close();
  return worked.end;
}

async function workAlone(
  { target, run, edge, open, session }: RunBackfillContext,
  regulator: Regulator,
  index: number,
): Promise<Worked> {
  const worker = new Worker(session, { index, target, run, edge, regulator, open });
  try {
    const end = await worker.work();
    return { end, session: worker.session };
  } catch (error) {
    await worker.session.close().catch(() => undefined);
    throw error;
  }
}

/** The gravest of several ends: a failure before a stop before the rest. */
function worst(ends: readonly WorkerEnd[]): WorkerEnd {
  const order = ["failed", "stopped", "interrupted", "time_over", "done", "surplus"];
  const [end = { kind: "done" } as const] = ends.toSorted(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  );
  return end;
}

function wordOf(end: BackfillEnd) {
  switch (end.kind) {
    case "stopped":
      return end.state === "running" ? "interrupted" : end.state;
    case "changed":
      return "paused";
    default:
      return end.kind;
  }
}
