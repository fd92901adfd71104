/**
 * A backfill among the steps of a run: registered under the lock, worked on without it, so that any number of processes
 * can, and recorded in the history under the lock again.
 */

import type { Session } from "../adapters/adapter.ts";
import type { BackfillEnd } from "../backfill/backfill-end.ts";
import { checkStatements } from "../backfill/check-statements.ts";
import { countDead } from "../backfill/dead.ts";
import { changeRun, type RunRow, readRuns } from "../backfill/ledger.ts";
import { newRowsWarnings } from "../backfill/new-rows.ts";
import { showPresence } from "../backfill/presence.ts";
import { codeOf, isSamePlace, register } from "../backfill/register.ts";
import { runBackfill } from "../backfill/run.ts";
import { refuseReplacedTable } from "../backfill/same-table.ts";
import { type BackfillRef, type BackfillTarget, readTarget } from "../backfill/target.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Edge } from "../engine/events.ts";
import type { Outcome } from "../engine/outcome.ts";
import { settingUp } from "../engine/set-up.ts";
import { traced } from "../engine/traced.ts";
import type { BackfillStep } from "./is-backfill-step.ts";
import { openSession } from "./open.ts";
import type { BackfillOptions, RunOptions } from "./options.ts";
import type { PreparedRun } from "./prepared-run.ts";
import { runWhatIsLeft } from "./run-steps.ts";
import type { RunWorld } from "./run-world.ts";
import { underLock } from "./under-lock.ts";

/** The result of the work. Without outcomes the time was over, and the next run continues it. */
export type BackfillOutcome = {
  readonly outcomes: readonly Outcome[] | undefined;
  /** The connection at its end, which may replace a lost one. The caller closes it. */
  readonly session: Session;
};

/**
 * Brings a backfill to its end, or as far as the time that was given.
 *
 * @throws {ReleaseError} `backfill_refused`, `backfill_changed`, `backfill_stopped`, `backfill_failed`, `interrupted`
 */
export async function carryOutBackfill(
  prepared: PreparedRun,
  step: BackfillStep,
  options: RunOptions & BackfillOptions,
  world: RunWorld,
): Promise<BackfillOutcome> {
  const { repo, lane } = prepared;
  const { version, name } = step.file;
  const ref = { repo: repo.name, version, name, history: lane.historyTable };
  const started = world.edge.now();
  const target = await readTarget(prepared.session, ref, step.backfill);
  await checkStatements(prepared.session, target);
  const { run, joined } = await begin(prepared, target, options, world);
  const presence = await presenceOf(prepared, world);
  const work = () =>
    runBackfill({
      ...{ session: prepared.session, target, run, joined, edge: world.edge },
      open: () => openSession(repo, { role: "work", ...world }),
      single: repo.adapter.single === true,
      forMs: options.forMs,
      gate: world.gate,
      facts: world.facts,
    });
  const { end, session } = await traced(
    "backfill",
    { repo: repo.name, version, name },
    work,
  ).finally(() => presence?.end());
  if (end.kind === "time_over") return { session, outcomes: undefined };
  if (end.kind !== "finished") {
    const isFailed = end.kind === "stopped" && end.state === "failed";
    const dead = isFailed ? await countDead(session, ref, run.id) : 0;
    throw errorOf(end, ref, { world, dead });
  }
  const recording = { options, world: withoutSteps(world) };
  const [done] = await readRuns(session, ref.history, version);
  const tookMs = done?.finishedMs === undefined ? undefined : done.finishedMs - done.startedMs;
  const last = { ...prepared, session, steps: [{ ...step, tookMs }] };
  const recorded = await underLock(last, recording, (holding) => runWhatIsLeft(last, holding));
  const durationMs = world.edge.now() - started;
  return { session, outcomes: recorded.map((outcome) => ({ ...outcome, durationMs })) };
}

/** Where connections have names, those tell it. */
async function presenceOf(
  { repo, lane, session }: Pick<PreparedRun, "repo" | "lane" | "session">,
  world: RunWorld,
): Promise<{ end(): Promise<void> } | undefined> {
  if (session.companions !== undefined) return undefined;
  const open = () => openSession(repo, { role: "lock", ...world });
  return showPresence({ open, history: lane.historyTable }, world.edge);
}

/** The run in the ledger: made when there is none. A second process joins. */
async function begin(
  prepared: PreparedRun,
  target: BackfillTarget,
  options: RunOptions & BackfillOptions,
  world: RunWorld,
): Promise<{ readonly run: RunRow; readonly joined: boolean }> {
  const { session } = prepared;
  const { history, version } = target.ref;
  const [known] = await readRuns(session, history, version);
  const code = codeOf(target);
  if (known !== undefined) {
    const at = { repo: target.ref.repo, tables: [], doing: "work on a backfill" };
    // Whoever begins it takes the lock, which asks the same.
    await settingUp(session, at, async () => session.refuseStaleReads?.());
    if (known.state !== "finished" && !isSamePlace(known.code, code)) throw elsewhere(target);
    if (options.acceptChanged === true)
      return { run: await acceptChanged(session, target, known), joined: true };
    if (known.state !== "finished") await refuseReplacedTable(session, target, known);
    return { run: known, joined: true };
  }
  for (const told of newRowsWarnings(target))
    world.edge.emit({ type: "warning", repo: target.ref.repo, ...told });
  const run = await underLock(prepared, { options, world }, ({ held }) =>
    register(session, target, { ...world.facts, proof: held?.fence.proof ?? [] }),
  );
  return { run, joined: false };
}

/** The run, with the definition and the table with which it continues. */
async function acceptChanged(
  session: Session,
  target: BackfillTarget,
  run: RunRow,
): Promise<RunRow> {
  const { tableIdentity: known } = run;
  const code = codeOf(target);
  const identity = known && (await session.tableIdentity?.(target.backfill.table, known));
  if (code === run.code && identity === known) return run;
  const from = ["running", "paused", "failed"] as const;
  await changeRun(session, target.ref, { from, code, tableIdentity: identity });
  return { ...run, code, tableIdentity: identity ?? known };
}

function elsewhere({ ref: { repo, version, name } }: BackfillTarget): ReleaseError {
  const reason = "it was begun with another table, key or snapshot";
  const hint = `Put that back, or begin from the first row: slipway backfill restart ${version}`;
  return new ReleaseError("backfill_refused", { repo, version, name, reason, hint });
}

function errorOf(
  end: Exclude<BackfillEnd, { readonly kind: "finished" | "time_over" }>,
  ref: BackfillRef,
  { world, dead }: { readonly world: RunWorld; readonly dead: number },
): ReleaseError {
  const { repo, version, name } = ref;
  const which = { repo, version, name };
  if (end.kind === "changed") return new ReleaseError("backfill_changed", which);
  if (end.kind === "stopped") {
    const { state, reason } = end;
    if (state === "failed")
      return new ReleaseError("backfill_failed", { ...which, reason: reason ?? "it failed", dead });
    if (state === "paused" || state === "cancelled")
      return new ReleaseError("backfill_stopped", { ...which, state, reason });
  }
  const signal = String(world.edge.signal.reason);
  return new ReleaseError("interrupted", { signal, done: [] });
}

/** The step that only records emits no events: the backfill has already sent all of them. */
function withoutSteps(world: RunWorld): RunWorld {
  const emit: Edge["emit"] = (event) => {
    if (!event.type.startsWith("migration_")) world.edge.emit(event);
  };
  return { ...world, edge: { ...world.edge, emit } };
}
