/** A backfill from where it is to its end, or to where it is to stop. */
import type { Session } from "../adapters/adapter.ts";
import { dotted } from "../core/schema/describe.ts";
import type { Edge } from "../engine/events.ts";
import { finish } from "./finish.ts";
import { changeRun, type RunRow, type RunState } from "./ledger.ts";
import { readSums, type Sums } from "./progress.ts";
import { codeOf } from "./register.ts";
import { Regulator } from "./regulator.ts";
import type { Target } from "./target.ts";
import { Worker, type WorkerEnd } from "./worker.ts";

export type RunBackfillContext = {
  readonly session: Session;
  readonly target: Target;
  readonly run: RunRow;
  readonly edge: Edge;
  /** Whether somebody else has begun it. */
  readonly joined: boolean;
  readonly open: () => Promise<Session>;
  readonly single: boolean;
  readonly forMs?: number | undefined;
};

/** How it ended. `stopped` waits for a human; after the others it goes on by itself when it is run again. */
export type BackfillEnd =
  | { readonly kind: "finished" | "time_over" | "interrupted" }
  | { readonly kind: "changed" }
  | { readonly kind: "stopped"; readonly state: RunState; readonly reason: string | undefined };

/** Works until it is finished, or until there is a reason to stop. Any number of processes may do so at once. */
export async function runBackfill(context: RunBackfillContext): Promise<BackfillEnd> {
  const { target, run, edge, session } = context;
  const regulator = new Regulator(context);
  const { migration } = regulator;
  const table = dotted(target.backfill.table);
  const rowsExpected = run.estimate;
  edge.emit({ type: "backfill_started", migration, table, rowsExpected, joined: context.joined });
  const end = await workAndFinish(context, regulator);
  const { rowsSeen, rowsChanged } = await readSums(session, target.ref.history, run.id).catch(
    () => nothing,
  );
  edge.emit({ type: "backfill_ended", migration, end: wordOf(end), rowsSeen, rowsChanged });
  return end;
}

const nothing: Pick<Sums, "rowsSeen" | "rowsChanged"> = { rowsSeen: 0, rowsChanged: 0 };

async function workAndFinish(
  context: RunBackfillContext,
  regulator: Regulator,
): Promise<BackfillEnd> {
  const { run, target, session } = context;
  if (run.state === "finished") return { kind: "finished" };
  if (run.state !== "running") return { kind: "stopped", state: run.state, reason: run.reason };
  if (run.code !== codeOf(target)) return { kind: "changed" };
  const end = await workTogether(context, regulator);
  switch (end.kind) {
    case "surplus":
    case "time_over":
      return { kind: "time_over" };
    case "interrupted":
      return { kind: "interrupted" };
    case "stopped":
      return end.state === "changed"
        ? { kind: "changed" }
        : { kind: "stopped", state: end.state, reason: undefined };
    case "failed":
      await changeRun(session, target.ref, {
        from: ["running"],
        state: "failed",
        reason: end.reason,
      });
      return { kind: "stopped", state: "failed", reason: end.reason };
    case "done":
      return finish(context);
  }
}

/** As many workers as the pace says, also while it changes; the first keeps the connection of the caller. */
async function workTogether(context: RunBackfillContext, regulator: Regulator): Promise<WorkerEnd> {
  const others = new Map<number, Promise<WorkerEnd>>();
  const startOthers = () => {
    for (let index = 1; index < regulator.pace.parallel; index++) {
      if (others.has(index)) continue;
      others.set(
        index,
        workAlone(context, regulator, index).finally(() => others.delete(index)),
      );
    }
  };
  startOthers();
  const first = await workAlone(context, regulator, 0);
  const rest = await Promise.all(others.values());
  return worst([first, ...rest]);
}

async function workAlone(
  context: RunBackfillContext,
  regulator: Regulator,
  index: number,
): Promise<WorkerEnd> {
  const { target, run, edge, open } = context;
  const worker = new Worker(index === 0 ? context.session : await open(), {
    ...{ index, target, run, edge, regulator, open },
  });
  try {
    return await worker.work();
  } finally {
    if (worker.session !== context.session) await worker.session.close();
  }
}

/** What counts of several ends: a failure before a stop before the rest. */
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
