/** Holds what the parts of a run over many tenants share. */
import type { Session } from "../adapters/adapter.ts";
import type { FailedTenant } from "../core/model/errors/fleet.ts";
import type { Failures } from "./failures.ts";
import type { FleetContext } from "./fleet-context.ts";
import type { FleetProgress } from "./fleet-progress.ts";
import { readTenants, type TenantState, untouched } from "./registry.ts";
import { type CompiledGroup, compileGroup, type TenantGroup } from "./tenant-group.ts";
import type { FailureBudget } from "./waves.ts";

export type FleetRequest = {
  /** In the order in which they are migrated. */
  readonly tenants: readonly string[];
  /** Gives the work for the group with this key; `tenant` is one of it. */
  readonly groupOf: (versions: string, tenant: string) => Promise<TenantGroup>;
  readonly canary: readonly string[];
  readonly budget: FailureBudget | undefined;
  readonly retryQuarantined: boolean;
};

export type FleetRun = FleetRequest & {
  readonly context: FleetContext;
  readonly sessions: Session[];
  readonly progress: FleetProgress;
  readonly failed: FailedTenant[];
  /** Counted where a canary or a budget asks for it. */
  readonly failures: Failures | undefined;
  /** Those that this process works on or has done. */
  readonly taken: Set<string>;
  /** As the database had it at the last look. */
  states: ReadonlyMap<string, TenantState>;
  readonly compiled: Map<string, Promise<CompiledGroup>>;
};

/** Those that lack something and are not left alone, in their order, by the last look at the database. */
export async function behindAmong(
  run: FleetRun,
  tenants: readonly string[],
): Promise<readonly string[]> {
  const behind: string[] = [];
  for (const tenant of tenants) {
    const { versions, quarantined } = stateOf(run, tenant);
    if (run.taken.has(tenant) || (quarantined && !run.retryQuarantined)) continue;
    const known = run.compiled.get(versions) ?? compiledFor(run, versions, tenant);
    if ((await known).group.steps.length > 0) behind.push(tenant);
  }
  return behind;
}

/** The state of a tenant at the last look. */
export function stateOf({ states }: FleetRun, tenant: string): TenantState {
  return states.get(tenant) ?? untouched;
}

/** Compiled once for all tenants of the group. */
export function compiledFor(
  run: FleetRun,
  versions: string,
  tenant: string,
): Promise<CompiledGroup> {
  const known = run.compiled.get(versions);
  if (known !== undefined) return known;
  const { context, sessions } = run;
  const { dialect } = sessions[0]!;
  const how = { dialect, quarantined: run.retryQuarantined };
  const made = run.groupOf(versions, tenant).then((group) => compileGroup(group, how, context));
  run.compiled.set(versions, made);
  return made;
}

/** Reads the states of all tenants again. */
export async function lookAgain(run: FleetRun, session: Session): Promise<void> {
  run.states = await readTenants(session, run.context.tables);
}
