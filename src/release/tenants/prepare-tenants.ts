/** Decides what a run does to the tenants of a repo: lists, loads, compiles and refuses. Writes nothing. */
import type { Session } from "../../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import { settingUp } from "../../engine/set-up.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import { readStates } from "../../fleet/own-histories.ts";
import { type TenantState, untouched } from "../../fleet/registry.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { tenantTables } from "./tenant-lane.ts";
import type { TenantRunOptions } from "./tenant-options.ts";
import { type TenantPlans, tenantPlans } from "./tenant-plans.ts";

/**
 * The work to run on the tenants of one repo, as far as it is known before the first statement of
 * the run.
 */
export type PreparedTenants = {
  readonly repo: Repo;
  readonly session: Session;
  readonly context: FleetContext;
  readonly plans: TenantPlans;
  readonly options: TenantRunOptions;
  readonly states: ReadonlyMap<string, TenantState>;
  /** Not known while the table that they are read from is only made by this run. */
  readonly names: readonly string[] | undefined;
};

/** Prepares the work for one repo. @throws {ReleaseError} every refusal */
export async function prepareOne(
  { repo, session, steps }: Pick<PreparedRun, "repo" | "session" | "steps">,
  { target, phase, options }: MigrateRequest,
  world: RunWorld,
): Promise<PreparedTenants> {
  const wanted = { target, phase, ...options };
  const context = await fleetContext(repo, session, options, world);
  const plans = await tenantPlans(repo, session, wanted, world);
  const states = await readStates(session, context.tables);
  const names = await namesOrLater(repo, session, steps.length > 0);
  const first = [...(names ?? [])].map((name) => [name, states.get(name) ?? untouched] as const);
  const groups = new Map<string, string>(first.map(([name, { versions }]) => [versions, name]));
  // Where nobody knows the tenants yet, each may need everything.
  if (names === undefined) groups.set(untouched.versions, "");
  let isBehind = false;
  for (const [versions, tenant] of groups)
    if ((await plans.groupOf(versions, tenant)).steps.length > 0) isBehind = true;
  if (isBehind) await refuseLacking(session, context);
  if (isBehind && target.direction === "up") {
    const isAllowed = options.allowEdited === true;
    for (const one of await plans.edited(names ?? [], { isAllowed }))
      world.emit({ type: "warning", repo: repo.name, ...one });
  }
  const { tenants: given = {} } = options;
  return { repo, session, context, plans, options: given || {}, states, names };
}

/** @throws {ReleaseError} `tenants_unsupported` */
export async function fleetContext(
  repo: Repo,
  session: Session,
  { prefix, policy }: Pick<MigrateRequest["options"], "prefix" | "policy">,
  world: RunWorld,
): Promise<FleetContext> {
  const { dialect } = session;
  const sql = await dialect.tenants?.();
  if (sql === undefined) {
    const details = { repo: repo.name, database: dialect.label, what: "schemas" };
    throw new ReleaseError("tenants_unsupported", details);
  }
  const { tenants = [] } = repo;
  const place = { name: repo.historyTable, ...(prefix === undefined ? {} : { prefix }) };
  return {
    repo: repo.name,
    tables: tenantTables(repo, place),
    sql,
    searchPath: "schemas" in tenants ? (tenants.searchPath ?? []) : [],
    policies: { repo: repo.policy, command: policy },
    facts: world.facts,
    edge: world.edge,
    open: () => openSession(repo, { role: "work", ...world }),
  };
}

/** Before anything runs, on what belongs to all too. @throws {ReleaseError} `setup_refused` */
async function refuseLacking(session: Session, { repo, tables }: FleetContext): Promise<void> {
  if (session.lacking === undefined) return;
  const doing = "use the tables of Slipway";
  const { own: _, ...places } = tables;
  const named = Object.values(places);
  const look = async () => session.lacking?.(named);
  const lacking = await settingUp(session, { repo, tables: named, doing }, look);
  if (lacking !== undefined) throw new ReleaseError("setup_refused", { repo, doing, ...lacking });
}

/** The table that lists the tenants may be one that this run makes. */
export async function namesOrLater(
  repo: Repo,
  session: Session,
  isChanging: boolean,
): Promise<readonly string[] | undefined> {
  try {
    return await tenantNames(repo.name, repo.tenants ?? [], session);
  } catch (error) {
    if (isChanging && isReleaseError(error) && error.code === "tenants_unreadable")
      return undefined;
    throw error;
  }
}
