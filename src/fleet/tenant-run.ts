/** One tenant: all that it lacks, its history and its row are one transaction, in as few round trips as there is code in it. */
import { type Session, StatementFailed } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import type { Step } from "../core/plan/step.ts";
import { interruptible } from "../engine/interruptible.ts";
import { reasonOf } from "../engine/reason.ts";
import { traced, tracedWork } from "../engine/traced.ts";
import type { FleetContext } from "./fleet-context.ts";
import type { CompiledGroup, GroupPart } from "./tenant-group.ts";
import { eventsOf } from "./tenant-rows.ts";
import { statementFor, type TenantText } from "./tenant-text.ts";

/**
 * The end of a tenant's work. `busy`: another process has it, or had it. `blocked`: others are in
 * the way, so try again.
 */
export type TenantEnding =
  | { readonly status: "done" | "busy" }
  | { readonly status: "blocked" | "failed"; readonly failed: FailedTenant };

export type TenantWork = {
  readonly tenant: string;
  readonly compiled: CompiledGroup;
};

/** @throws when the connection is lost, or the run is to stop */
export function runTenant(
  session: Session,
  work: TenantWork,
  context: FleetContext,
): Promise<TenantEnding> {
  if (!tracedWork.tenant.hasSubscribers) return carryOut(session, work, context);
  const { direction, steps } = work.compiled.group;
  const facts = { repo: context.repo, tenant: work.tenant, direction, steps: steps.length };
  return traced("tenant", facts, () => carryOut(session, work, context));
}

async function carryOut(
  session: Session,
  work: TenantWork,
  context: FleetContext,
): Promise<TenantEnding> {
  const { dialect } = session;
  const { tenant, compiled } = work;
  const sent: Sent = { queue: [], steps: [] };
  const name = dialect.literal(tenant);
  const addOurs = (text: TenantText) => add(sent, statementFor(text, name), undefined);
  const { isPlain, rows, group } = compiled;
  try {
    for (const one of compiled.before) add(sent, one, undefined);
    addOurs(compiled.claim);
    if (isPlain) rows.forEach(addOurs);
    add(sent, plain(context.sql.enter(tenant, context.searchPath)), undefined);
    for (const part of compiled.parts) await addPart(sent, part, { session, work, context });
    if (!isPlain) rows.forEach(addOurs);
    for (const one of eventsOf(group, tenant, { dialect, context })) add(sent, one, undefined);
    add(sent, plain(dialect.commit), undefined);
    await flush(sent, session, context);
    return { status: "done" };
  } catch (error) {
    return await endingOf(error, sent, { session, work, context });
  }
}

type At = {
  readonly session: Session;
  readonly work: TenantWork;
  readonly context: FleetContext;
};

/** Statements that wait to be sent, each with the step that it is of, and the step at which it failed. */
type Sent = {
  queue: Statement[];
  steps: (Step | undefined)[];
  failed?: Step | undefined;
};

function add(sent: Sent, statement: Statement, step: Step | undefined): void {
  sent.queue.push(statement);
  sent.steps.push(step);
}

async function addPart(sent: Sent, part: GroupPart, at: At): Promise<void> {
  const { session, work, context } = at;
  const { step } = part;
  switch (part.kind) {
    case "statement":
      return add(sent, part.statement, step);
    case "enter":
      return add(sent, plain(context.sql.enter(work.tenant, context.searchPath)), step);
    case "code": {
      add(sent, plain("SAVEPOINT slipway_code"), step);
      await flush(sent, session, context);
      sent.failed = step;
      const { runTenantCode } = await import("./tenant-code.ts");
      await runTenantCode(part.action, { session, step, context });
      // Without its savepoint this is no longer the transaction that the code was given.
      add(sent, plain("RELEASE SAVEPOINT slipway_code"), step);
    }
  }
}

async function flush(sent: Sent, session: Session, context: FleetContext): Promise<void> {
  const { queue, steps } = sent;
  sent.queue = [];
  sent.steps = [];
  try {
    await interruptible({ session, edge: context.edge, lease: undefined }, () =>
      session.execute(queue),
    );
  } catch (error) {
    if (error instanceof StatementFailed) sent.failed = steps[error.index];
    throw error;
  }
}

async function endingOf(error: unknown, sent: Sent, at: At): Promise<TenantEnding> {
  const { session, work, context } = at;
  const kind = session.errorKind(error);
  if (kind === "connection_lost") throw error;
  await session.execute([plain(session.dialect.rollback)]).catch(() => undefined);
  if (context.edge.signal.aborted) throw error;
  const reason = reasonOf(error);
  const refused = context.sql.refusalOf(reason);
  if (refused === "not_free") return { status: "busy" };
  const [first] = work.compiled.group.steps;
  const { version = "", name = "" } = (sent.failed ?? first)?.file ?? {};
  const failed: FailedTenant = {
    tenant: work.tenant,
    version,
    name,
    reason: refused === "schema_missing" ? `schema ${work.tenant} is not there` : reason,
  };
  const isBlocked = kind === "lock_timeout" || kind === "deadlock";
  return { status: isBlocked ? "blocked" : "failed", failed };
}
