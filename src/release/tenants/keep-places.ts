/** Leaves tenants alone that have a file or a database each and failed, until somebody says otherwise. */
import type { Session } from "../../adapters/adapter.ts";
import type { FailedTenant } from "../../core/model/errors/fleet.ts";
import { Failures } from "../../fleet/failures.ts";
import type { PlaceEnding, SharedFailures } from "../../fleet/over-places.ts";
import { quarantinePlace, releasePlace } from "../../fleet/place-quarantine.ts";
import { readQuarantined } from "../../fleet/quarantined.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { placesTables } from "./at-place.ts";
import type { TenantRunOptions } from "./tenant-options.ts";

/** The tenants that failed and are left alone, as the shared database knows them. */
export type Keeping = {
  readonly leavesAlone: (tenant: string) => boolean;
  readonly failuresOf: (own: readonly FailedTenant[]) => Promise<SharedFailures | undefined>;
  /** Does this to the tenant, and writes down what became of it. */
  readonly kept: (tenant: string, work: () => Promise<PlaceEnding>) => Promise<PlaceEnding>;
};

type Run = {
  readonly repo: Repo;
  /** The connection to the shared database. */
  readonly session: Session;
  readonly options: TenantRunOptions;
  readonly request: Pick<MigrateRequest, "options">;
  readonly world: RunWorld;
};

/** Gives the quarantine of these tenants. */
export async function keepingOf(
  { repo, session, options, request, world }: Run,
  tenants: readonly string[],
): Promise<Keeping> {
  const at = {
    ...{ repo: repo.name, facts: world.facts, edge: world.edge },
    tables: placesTables(repo, request.options.prefix),
    open: () => openSession(repo, { role: "work", ...world }),
  };
  const before = await readQuarantined(session, at.tables);
  const { canary = [] } = options;
  const leavesAlone = (tenant: string) => options.retryQuarantined !== true && before.has(tenant);
  return {
    leavesAlone,
    async failuresOf(own) {
      if (canary.length === 0 && options.maxFailures === undefined) return undefined;
      const canaries = canary.filter(leavesAlone).length;
      const counted = { context: at, tenants, own, canaries };
      const failures = await Failures.begin(session, {
        ...counted,
        failedBefore: (tenant) => before.has(tenant),
      });
      return {
        get count() {
          return failures.count;
        },
        look: (how) => failures.look(session, how),
      };
    },
    async kept(tenant, work) {
      const ending = await work();
      if (typeof ending === "string") {
        if (before.has(tenant)) await releasePlace(tenant, at);
      } else if (isKept(ending)) await quarantinePlace(ending.failed, at);
      return ending;
    },
  };
}

/** One that cannot be reached, or is another's, has nothing wrong with it: the next run tries it again. */
function isKept(ending: Exclude<PlaceEnding, string>): boolean {
  return ending.isBusy !== true && ending.goesOn !== true && ending.failed.version !== "";
}
