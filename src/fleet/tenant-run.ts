/** One tenant: all that it lacks, its history and its row are one transaction, in as few round trips as there is code in it. */
import { type Session, StatementFailed } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { versionNumber } from "../core/model/version-key.ts";
import type { Step } from "../core/plan/step.ts";
import { interruptible } from "../engine/interruptible.ts";
import { reasonOf } from "../engine/reason.ts";
import type { FleetContext } from "./fleet-context.ts";
import { tenantEvent } from "./tenant-events.ts";
import { type CompiledGroup, type GroupPart, rowColumns } from "./tenant-group.ts";

/** What became of a tenant. `busy`: another process has it, or had it. `blocked`: others are in the way, so try again. */
export type TenantEnding =
  | { readonly status: "done" | "busy" }
  | { readonly status: "blocked" | "failed"; readonly failed: FailedTenant };

export type TenantWork = {
  readonly tenant: string;
  readonly compiled: CompiledGroup;
  /** Whether one that is left alone is taken all the same. */
  readonly quarantined: boolean;
};

/** @throws when the connection is lost, or the run is to stop */
export async function runTenant(
  session: Session,
  work: TenantWork,
  context: FleetContext,
): Promise<TenantEnding> {
  const { dialect } = session;
  const sent: Sent = { queue: [], steps: [] };
  try {
    for (const one of work.compiled.before) add(sent, one, undefined);
    add(sent, plain(claimSql(work, context)), undefined);
    for (const part of work.compiled.parts) await addPart(sent, part, { session, work, context });
    for (const one of doneStatements(session, work, context)) add(sent, one, undefined);
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

function claimSql({ tenant, compiled, quarantined }: TenantWork, context: FleetContext): string {
  const { tables, sql, searchPath } = context;
  const { versions } = compiled.group;
  return sql.claim({ tenants: tables.tenants, tenant, versions, quarantined, searchPath });
}

/** The history and the row, which say the same. */
function doneStatements(
  session: Session,
  { tenant, compiled }: TenantWork,
  context: FleetContext,
): readonly Statement[] {
  const { dialect } = session;
  const { tables } = context;
  const { quote: q, quoteNamed, literal } = dialect;
  const name = literal(tenant);
  const isTenant = `${q("tenant")} ${dialect.operator("=")} ${name}`;
  const set = Object.entries(compiled.sets).map(([column, value]) => `${q(column)} = ${value}`);
  const row = plain(`UPDATE ${quoteNamed(tables.tenants)} SET ${set.join(", ")} WHERE ${isTenant}`);
  const { direction, steps } = compiled.group;
  if (direction === "down") {
    const gone = steps.map(({ file }) => file.rowNumber ?? versionNumber(file.version));
    const isGone = dialect.isOneOf(q("version"), gone);
    const events = steps.map(({ file: { version, name: words } }) =>
      tenantEvent(session, context, {
        ...{ tenant, version, name: words, direction, result: "rolled_back" },
      }),
    );
    const history = quoteNamed(tables.history);
    return [plain(`DELETE FROM ${history} WHERE ${isTenant} AND ${isGone}`), row, ...events];
  }
  if (compiled.rows.length === 0) return [row];
  const columns = ["tenant", ...rowColumns].map(q).join(", ");
  const rows = compiled.rows.map((values) => `(${name}, ${values})`).join(", ");
  return [plain(`INSERT INTO ${quoteNamed(tables.history)} (${columns}) VALUES ${rows}`), row];
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
