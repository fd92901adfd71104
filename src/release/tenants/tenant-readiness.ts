/**
 * Checks whether tenants have the migrations that a release needs to start. Takes no lock and
 * writes nothing.
 */
import type { Session } from "../../adapters/adapter.ts";
import { isReleaseError } from "../../core/model/errors.ts";
import { compareVersions } from "../../core/model/migration.ts";
import type { NamedMigration, Readiness, TooNew } from "../../core/plan/readiness.ts";
import { readStates } from "../../fleet/own-histories.ts";
import { type TenantPlace, tenantPlaces } from "../../fleet/places.ts";
import { readQuarantined } from "../../fleet/quarantined.ts";
import { untouched } from "../../fleet/registry.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import type { Repo } from "../config.ts";
import type { PrepareContext } from "../run-world.ts";
import { placesFor, placesTables, reasonAt, tenantsIn } from "./at-place.ts";
import { isInPlaces, tenantLaneOf, tenantTables } from "./tenant-lane.ts";
import { tenantPlans } from "./tenant-plans.ts";
import { listedOrWhy } from "./tenant-status.ts";

type Context = PrepareContext & { readonly version: string | undefined };

/** How many tenants can work with this release. */
export type TenantsReadiness = {
  readonly tenants: number;
  /** How many lack something that runs before a release starts. */
  readonly behind: number;
  /** The number of tenants that failed and are left alone: nobody waits for them. */
  readonly quarantined: number;
  /** Tenants whose file or database cannot be read. Left out when there are none. */
  readonly unreachable?: readonly { readonly tenant: string; readonly reason: string }[];
};

/** The migrations that tenants lack, each once, with the number of tenants. */
export type LookedTenants = Readiness & { readonly tenants: TenantsReadiness };

export type TenantsLook = {
  readonly session: Session;
  readonly prefix: string | undefined;
  readonly allowNewer: boolean | undefined;
  /** Whether what belongs to all is pending, which may make the table that lists the tenants. */
  readonly isBehind: boolean;
  /** Looks at a repo that is one. */
  readonly look: (
    repo: Repo,
    options: Pick<TenantsLook, "prefix" | "allowNewer">,
    context: Context,
  ) => Promise<Readiness>;
};

/** Nothing where the tenants cannot be listed yet. @throws {ReleaseError} `tenants_unreadable`, `tenants_invalid` */
export async function lookAtTenants(
  repo: Repo,
  at: TenantsLook,
  context: Context,
): Promise<LookedTenants | undefined> {
  if (isInPlaces(repo)) return lookAtPlaces(repo, at, context);
  const { session, prefix } = at;
  const names = await listedOrWhy(at, () => tenantNames(repo.name, repo.tenants ?? [], session));
  if (typeof names === "string") return undefined;
  const wanted = { target: { direction: "up", all: true }, prefix } as const;
  const plans = await tenantPlans(repo, session, wanted, { ...context, emit: () => undefined });
  const states = await readStates(
    session,
    tenantTables(repo, tenantLaneOf(repo, { prefix }).historyTable),
  );
  const groups = new Map<string, Readiness>();
  const found = new Found();
  for (const tenant of names) {
    const { versions, quarantined } = states.get(tenant) ?? untouched;
    if (quarantined) {
      found.quarantined += 1;
      continue;
    }
    const one =
      groups.get(versions) ?? (await plans.readinessOf(versions, tenant, context.version));
    groups.set(versions, one);
    found.add(one);
  }
  return found.result(names.length);
}

/** Looks at this many at once, where a server answers. */
const atOnce = 8;

async function lookAtPlaces(
  repo: Repo,
  at: TenantsLook,
  context: Context,
): Promise<LookedTenants | undefined> {
  const { session, prefix, allowNewer } = at;
  const places = await listedOrWhy(at, () => tenantPlaces(repo.name, tenantsIn(repo), session));
  if (typeof places === "string") return undefined;
  const atPlace = placesFor(repo, context.root);
  const silent = { ...context, emit: () => undefined };
  const found = new Found();
  const kept = await readQuarantined(session, placesTables(repo, prefix));
  const one = async ({ tenant, at: place }: TenantPlace) => {
    if (kept.has(tenant)) {
      found.quarantined += 1;
      return;
    }
    try {
      found.add(await at.look(atPlace(place), { prefix, allowNewer }, silent));
    } catch (error) {
      if (!isReleaseError(error) || error.code !== "connection_failed") throw error;
      found.unreachable.push({ tenant, reason: reasonAt(repo.name, error) });
    }
  };
  let next = 0;
  const worker = async () => {
    for (let place = places[next++]; place !== undefined; place = places[next++]) await one(place);
  };
  await Promise.all(Array.from({ length: repo.adapter.single ? 1 : atOnce }, worker));
  return found.result(places.length);
}

class Found {
  quarantined = 0;
  readonly unreachable: { tenant: string; reason: string }[] = [];
  #behind = 0;
  readonly #pending = new Map<string, NamedMigration>();
  readonly #later = new Map<string, NamedMigration>();
  readonly #tooNew = new Map<string, TooNew>();

  add({ pending, later, tooNew }: Readiness): void {
    if (pending.length > 0) this.#behind += 1;
    for (const one of pending) this.#pending.set(one.version, one);
    for (const one of later) this.#later.set(one.version, one);
    for (const one of tooNew) this.#tooNew.set(one.version, one);
  }

  result(tenants: number): LookedTenants {
    const { quarantined, unreachable } = this;
    const sorted = <One extends NamedMigration | TooNew>(found: ReadonlyMap<string, One>) =>
      [...found.values()].toSorted((a, b) => compareVersions(a.version, b.version));
    return {
      pending: sorted(this.#pending),
      later: sorted(this.#later),
      tooNew: sorted(this.#tooNew),
      tenants: {
        ...{ tenants, behind: this.#behind, quarantined },
        ...(unreachable.length === 0 ? {} : { unreachable }),
      },
    };
  }
}
