/** The data migrations that one tenant lacks, one after the other: a backfill in batches, anything else in one transaction. */
import { type Session, StatementFailed } from "../../adapters/adapter.ts";
import { checkStatements } from "../../backfill/check-statements.ts";
import { changeRun, type RunRow, readRuns } from "../../backfill/ledger.ts";
import { reconnect } from "../../backfill/reconnect.ts";
import { codeOf, register } from "../../backfill/register.ts";
import { runBackfill } from "../../backfill/run.ts";
import { rollBack, together } from "../../backfill/statement.ts";
import {
  finishTenantRun,
  lockTenantRun,
  tenantHistory,
  tenantRunRow,
} from "../../backfill/tenant-runs.ts";
import type { ThrottleGate } from "../../backfill/throttle/gate.ts";
import type { HeldTogether } from "../../backfill/throttle/held-together.ts";
import type { RunKey } from "../../core/backfill/ledger.ts";
import type { FailedTenant } from "../../core/model/errors/fleet.ts";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import type { Named } from "../../core/model/named.ts";
import { plain, type Statement } from "../../core/model/statement.ts";
import type { Step } from "../../core/plan/step.ts";
import type { Edge } from "../../engine/events.ts";
import { interruptible } from "../../engine/interruptible.ts";
import { reasonOf } from "../../engine/reason.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import type { Repo } from "../config.ts";
import { type BackfillStep, isBackfillStep } from "../is-backfill-step.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { reasonAt } from "./at-place.ts";
import { tenantTarget } from "./tenant-target.ts";

/** The work on a tenant, and its means. */
export type DataOfTenant = {
  readonly repo: Repo;
  readonly steps: readonly Step[];
  readonly history: Named;
  readonly fleet: FleetContext;
  readonly world: RunWorld;
  readonly options: MigrateRequest["options"];
  /** When to stop, by the clock of the world. */
  readonly until: number | undefined;
  /** Shared by all tenants, because they share the server. */
  readonly gate: ThrottleGate;
  /** Tells why they hold. */
  readonly held: HeldTogether;
  /** Whether no other is worked on meanwhile, so that it may have all connections. */
  readonly isAlone: boolean;
  /** Whether one that another process has just begun is left to that one for now. */
  readonly mayWait?: boolean;
};

/** The end of a tenant's work, and a connection that is alive. */
export type DataEnding = { readonly session: Session } & (
  | { readonly kind: "done"; readonly changed: boolean }
  | { readonly kind: "begun_elsewhere" }
  | { readonly kind: "failed"; readonly failed: FailedTenant }
  | {
      readonly kind: "time_over";
      readonly resume: { readonly version: Version; readonly name: string };
    }
);

/**
 * @throws {ReleaseError} `backfill_stopped` where the command to all says stop, `backfill_changed`,
 * `interrupted`
 */
export async function runDataOfTenant(
  session: Session,
  tenant: string,
  at: DataOfTenant,
): Promise<DataEnding> {
  let here = session;
  let changed = false;
  for (const step of at.steps) {
    const part = await surely(here, { tenant, step }, at);
    here = part.session;
    if (part.kind !== "done") return part;
    changed ||= part.changed;
  }
  return { kind: "done", changed, session: here };
}

type OneStep<S extends Step = Step> = { readonly tenant: string; readonly step: S };

/** A step that loses its connection so many times fails: it may be what ends the server's process. */
const mostLosses = 3;

/** After a lost connection the ledger says what the tenant has. */
async function surely(session: Session, one: OneStep, at: DataOfTenant): Promise<DataEnding> {
  const { edge } = at.world;
  let here = session;
  for (let losses = 1; ; losses += 1)
    try {
      return await carryOut(here, one, at);
    } catch (error) {
      if (!isOfTenant(error, at)) throw error;
      if (here.errorKind(error) === "connection_lost") {
        const next = await reconnect(here, { open: at.fleet.open, edge });
        if (next === undefined) throw error;
        here = next;
        if (losses < mostLosses) continue;
      } else await rollBack(here);
      const reason = reasonAt(
        at.repo.name,
        isReleaseError(error) ? error : new Error(reasonOf(error)),
      );
      const { version, name } = one.step.file;
      return {
        kind: "failed",
        session: here,
        failed: { tenant: one.tenant, version, name, reason },
      };
    }
}

async function carryOut(
  session: Session,
  { tenant, step }: OneStep,
  at: DataOfTenant,
): Promise<DataEnding> {
  const { version } = step.file;
  const [known] = await readRuns(session, tenantHistory(at.history, tenant), version);
  if (known?.state === "finished") return { kind: "done", changed: false, session };
  await refuseStopped(session, step, at);
  return isBackfillStep(step)
    ? backfillOn(session, { tenant, step, known }, at)
    : plainOn(session, { tenant, step }, at);
}

/**
 * Reads the command to all tenants: refuses where it is paused or cancelled, else gives the pace.
 */
async function refuseStopped(session: Session, { file }: Step, at: DataOfTenant): Promise<string> {
  const { version, name } = file;
  const [all] = await readRuns(session, tenantHistory(at.history, ""), version);
  if (all?.state === "paused" || all?.state === "cancelled")
    throw new ReleaseError("backfill_stopped", {
      ...{ repo: at.repo.name, version, name, state: all.state, reason: undefined },
    });
  return all?.pace ?? "{}";
}

/** A tenant fails alone, unless it is of all: the process is to stop, or the code is another. */
function isOfTenant(error: unknown, { world }: DataOfTenant): boolean {
  if (world.edge.signal.aborted) return false;
  if (!isReleaseError(error)) return error instanceof StatementFailed || error instanceof Error;
  return !["interrupted", "backfill_changed", "backfill_stopped", "connection_failed"].includes(
    error.code,
  );
}

async function backfillOn(
  session: Session,
  { tenant, step, known }: OneStep<BackfillStep> & { readonly known: RunRow | undefined },
  at: DataOfTenant,
): Promise<DataEnding> {
  const { repo, fleet, world, until, options } = at;
  const { version, name } = step.file;
  const target = await tenantTarget(session, { tenant, step }, at);
  const code = codeOf(target);
  let run = known;
  if (run === undefined) {
    await checkStatements(session, target);
    const pace = await refuseStopped(session, step, at);
    const begun = { ...world.facts, proof: [], pace, shared: true } as const;
    const made = await register(session, target, begun);
    if (made.isOthers === true && at.mayWait === true) return { kind: "begun_elsewhere", session };
    // Whoever paused all of them meanwhile did not see this one.
    await refuseStopped(session, step, at);
    run = made;
  } else if (run.code !== code && options.acceptChanged === true) {
    await changeRun(session, target.ref, { from: ["running", "paused", "failed"], code });
    run = { ...run, code };
  }
  const now = world.edge.now();
  const working = { session, target, run, joined: known !== undefined };
  const { end, session: alive } = await at.held.with(tenant, quiet(world.edge), (edge) =>
    runBackfill({
      ...{ ...working, edge, open: fleet.open, gate: at.gate },
      single: repo.adapter.single === true || !at.isAlone,
      forMs: until === undefined ? undefined : Math.max(0, until - now),
    }),
  );
  const which = { repo: repo.name, version, name };
  const failed = (reason: string): DataEnding => ({
    ...{ kind: "failed", session: alive, failed: { tenant, version, name, reason } },
  });
  switch (end.kind) {
    case "finished":
      return { kind: "done", changed: true, session: alive };
    case "time_over":
      return { kind: "time_over", resume: { version, name }, session: alive };
    case "changed":
      throw new ReleaseError("backfill_changed", which);
    case "interrupted":
      throw new ReleaseError("interrupted", { signal: String(world.edge.signal.reason), done: [] });
    case "stopped":
      await refuseStopped(alive, step, at);
      return failed(
        end.state === "failed"
          ? `${end.reason ?? "it failed"}; look at slipway backfill show ${version} --tenant ${tenant}`
          : `it is ${end.state}: slipway backfill resume ${version} --tenant ${tenant}`,
      );
  }
}

/** Drops the events of one tenant, because the run reports all tenants together. */
function quiet(edge: Edge): Edge {
  const emit: Edge["emit"] = (event) => {
    if (!/^(?:migration_|backfill_)/.test(event.type)) edge.emit(event);
  };
  return { ...edge, emit };
}

/**
 * Writes its row first: a second process waits for it, and finds the work done. The row says so only at the end,
 * because code may end the transaction in the middle.
 */
async function plainOn(
  session: Session,
  { tenant, step }: OneStep,
  at: DataOfTenant,
): Promise<DataEnding> {
  const { history, fleet, world } = at;
  const { dialect } = session;
  const { version, name } = step.file;
  const key = { history: tenantHistory(history, tenant), version };
  const begun = await claimPlain(session, { key, name }, at);
  if (begun.state === "finished") {
    await rollBack(session);
    return { kind: "done", changed: false, session };
  }
  const which = { repo: at.repo.name, version, name };
  if (begun.code !== "" && at.options.acceptChanged !== true)
    throw new ReleaseError("backfill_changed", which);
  const enter = plain(fleet.sql.enter(tenant, fleet.searchPath));
  let queue: Statement[] = [enter];
  const send = async () => {
    const sent = queue;
    queue = [];
    await interruptible({ session, edge: world.edge, lease: undefined }, () =>
      session.execute(sent),
    );
  };
  for (const action of step.actions) {
    if (action.kind === "statements") queue.push(...action.statements, enter);
    if (action.kind !== "run") continue;
    queue.push(plain("SAVEPOINT slipway_code"));
    await send();
    const { runTenantCode } = await import("../../fleet/tenant-code.ts");
    await runTenantCode(action, { session, step, context: fleet });
    // Without its savepoint this is no longer the transaction that the code was given.
    queue.push(plain("RELEASE SAVEPOINT slipway_code"), enter);
  }
  queue.push(finishTenantRun(session, key), plain(dialect.commit));
  await send();
  return { kind: "done", changed: true, session };
}

/** Begins the transaction, and gives the tenant's row, which nobody else has until its end. */
async function claimPlain(
  session: Session,
  { key, name }: { readonly key: RunKey; readonly name: string },
  { fleet, world }: DataOfTenant,
): Promise<{ readonly state: unknown; readonly code: unknown }> {
  const row = tenantRunRow(session, key, { name, state: "running", facts: world.facts });
  const claim = [
    ...[session.dialect.begin, fleet.sql.silence, `${row.sql}${fleet.sql.ifNew}`],
    lockTenantRun(session, key),
  ];
  const [found] = await interruptible({ session, edge: world.edge, lease: undefined }, () =>
    together(session, claim),
  );
  return { state: found?.state, code: found?.code };
}
