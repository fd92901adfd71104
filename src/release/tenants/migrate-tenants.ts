/** Carries out the prepared work on the tenants of a repo. */
import type { Session } from "../../adapters/adapter.ts";
import type { FailedTenant } from "../../core/model/errors/fleet.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import { followOwn, ownHistoryOf, readStates } from "../../fleet/own-histories.ts";
import { keepPlans } from "../../fleet/plans.ts";
import { release } from "../../fleet/quarantine.ts";
import { ensureFleet, readTenants, registerTenants, untouched } from "../../fleet/registry.ts";
import { type FleetOutcome, runFleet } from "../../fleet/run-fleet.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import { type FailureBudget, failureBudget } from "../../fleet/waves.ts";
import type { PreparedTenants } from "./prepare-tenants.ts";
import { tenantTables } from "./tenant-lane.ts";

/** The result of a run for the tenants of a repo. */
export type TenantsOutcome = {
  /** How many there are. */
  readonly tenants: number;
  /** How many this process has migrated. */
  readonly migrated: number;
  readonly failed: readonly FailedTenant[];
  /** How many failed before, and were left alone. */
  readonly quarantined: number;
};

/** @throws {ReleaseError} `tenants_failed`, `interrupted`, `connection_failed` */
export async function migrateTenants(prepared: PreparedTenants): Promise<TenantsOutcome> {
  const { repo, session, context } = prepared;
  const names = chosen(prepared, prepared.names ?? (await namesNow(prepared)));
  const states =
    prepared.names === undefined ? await readStates(session, context.tables) : prepared.states;
  const isBehind = await anyBehind(prepared, names, states);
  const isRetried = prepared.options.retryQuarantined === true;
  if (isRetried) await releaseWhole(prepared, names, states);
  const done = isBehind
    ? await run(prepared, names)
    : { ...nothing, quarantined: isRetried ? 0 : quarantinedAmong(names, states) };
  const { edge } = context;
  if (!isBehind) edge.emit({ type: "fleet_up_to_date", repo: repo.name, tenants: names.length });
  const { migrated, failed, quarantined, left } = done;
  if (quarantined > 0)
    edge.emit({ type: "fleet_quarantined", repo: repo.name, tenants: quarantined });
  if (failed.length > 0 || left > 0)
    throw new ReleaseError("tenants_failed", {
      ...{ repo: repo.name, failed, done: migrated },
      ...(left === 0 ? {} : { left }),
      ...(quarantined === 0 ? {} : { quarantined }),
    });
  return { tenants: names.length, migrated, failed, quarantined };
}

const nothing: FleetOutcome = { migrated: 0, failed: [], quarantined: 0, left: 0 };

function namesNow({ repo, session }: PreparedTenants): Promise<readonly string[]> {
  return tenantNames(repo.name, repo.tenants ?? [], session);
}

/** @throws {ReleaseError} `tenants_unknown` */
export function chosen(
  { repo, options }: Pick<PreparedTenants, "repo" | "options">,
  names: readonly string[],
): readonly string[] {
  const known = new Set(names);
  const named = [...(options.names ?? []), ...(options.canary ?? [])];
  const unknown = named.filter((name) => !known.has(name));
  if (unknown.length > 0)
    throw new ReleaseError("tenants_unknown", { repo: repo.name, tenants: unknown });
  if (options.names === undefined) return names;
  const wanted = new Set(options.names);
  return names.filter((name) => wanted.has(name));
}

type States = PreparedTenants["states"];

async function anyBehind(
  { plans, options }: PreparedTenants,
  names: readonly string[],
  states: States,
): Promise<boolean> {
  const looked = new Set<string>();
  for (const name of names) {
    const { versions, quarantined } = states.get(name) ?? untouched;
    if (looked.has(versions) || (quarantined && options.retryQuarantined !== true)) continue;
    looked.add(versions);
    if ((await plans.groupOf(versions, name)).steps.length > 0) return true;
  }
  return false;
}

function quarantinedAmong(names: readonly string[], states: States): number {
  return names.filter((name) => states.get(name)?.quarantined === true).length;
}

/** A tenant lacks nothing where its failing migration was withdrawn: no migration would release it. */
async function releaseWhole(
  { session, plans, context }: PreparedTenants,
  names: readonly string[],
  states: States,
): Promise<void> {
  const whole = new Map<string, boolean>();
  const released: string[] = [];
  for (const name of names) {
    const { versions, quarantined } = states.get(name) ?? untouched;
    if (!quarantined) continue;
    const isWhole = whole.get(versions) ?? (await plans.groupOf(versions, name)).steps.length === 0;
    whole.set(versions, isWhole);
    if (isWhole) released.push(name);
  }
  await release(session, released, context);
}

/** A tenant that comes while the others are migrated is migrated too. */
async function run(prepared: PreparedTenants, names: readonly string[]): Promise<FleetOutcome> {
  const { session, plans, options } = prepared;
  const context = await whereItIs(prepared);
  await ensureFleet(session, context);
  const sessions = [session, ...(await moreSessions(prepared, names.length))];
  try {
    await Promise.all(sessions.map((one) => one.keepStatements?.()));
    let outcome = nothing;
    let some = names;
    const known = new Set(names);
    while (some.length > 0) {
      await registerTenants(session, context, some);
      await followOwn(session, context.tables, some);
      const states = await readTenants(session, context.tables);
      const groupOf: typeof plans.groupOf = async (versions, tenant) => {
        const group = await plans.groupOf(versions, tenant);
        await keepPlans(sessions[0]!, context, group.steps);
        return group;
      };
      const request = {
        ...{ tenants: some, groupOf, budget: budgetOf(options) },
        canary: outcome === nothing ? (options.canary ?? []) : [],
        retryQuarantined: options.retryQuarantined ?? false,
      };
      outcome = joined(outcome, await runFleet(request, context, { sessions, states }));
      if (outcome.left > 0 || options.names !== undefined) break;
      const now = await tenantNames(prepared.repo.name, prepared.repo.tenants ?? [], sessions[0]!);
      some = now.filter((name) => !known.has(name));
      for (const name of some) known.add(name);
    }
    return outcome;
  } finally {
    await Promise.all(sessions.map((one) => (one === session ? undefined : one.close())));
  }
}

/** How many may fail. */
export function budgetOf({ maxFailures }: PreparedTenants["options"]): FailureBudget | undefined {
  return maxFailures === undefined ? undefined : failureBudget(String(maxFailures));
}

function joined(a: FleetOutcome, b: FleetOutcome): FleetOutcome {
  return {
    migrated: a.migrated + b.migrated,
    failed: [...a.failed, ...b.failed],
    quarantined: a.quarantined + b.quarantined,
    left: a.left + b.left,
  };
}

/**
 * Adds the schema to the names of our own tables: in a tenant's schema, a bare name means the
 * tenant's table.
 */
export async function whereItIs({
  session,
  context,
  repo,
}: Pick<PreparedTenants, "session" | "context" | "repo">): Promise<FleetContext> {
  const { own } = context.tables;
  const { prefix: given } = context.tables.history;
  if (given !== undefined && own === undefined) return context;
  const prefix = given ?? String((await session.query(context.sql.here))[0]?.schema);
  return {
    ...context,
    ...(own === undefined ? {} : { own: await ownHistoryOf(session, own, prefix) }),
    tables: tenantTables(repo, { name: repo.historyTable, prefix }),
  };
}

const usual = 8;

/**
 * Opens as many connections as `concurrency` says; else a quick number that leaves half of the free
 * ones to the application.
 */
async function moreSessions(
  { repo, session, context, options }: PreparedTenants,
  tenants: number,
): Promise<readonly Session[]> {
  if (repo.adapter.single === true) return [];
  const wanted = options.concurrency ?? (await fitting(session, context));
  const more = Math.min(wanted, tenants) - 1;
  const opened = await Promise.allSettled(Array.from({ length: more }, () => context.open()));
  const sessions = opened.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const refused = opened.find((one) => one.status === "rejected");
  if (refused === undefined || options.concurrency === undefined) return sessions;
  await Promise.all(sessions.map((one) => one.close()));
  throw refused.reason;
}

async function fitting(session: Session, { sql }: FleetContext): Promise<number> {
  const [row] = await session.query(sql.room);
  return Math.max(1, Math.min(usual, Math.floor(Number(row?.free) / 2) + 1));
}
