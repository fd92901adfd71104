/** The data migrations of tenants that have a file or a database each: done there, with the progress beside its history. */
import { ThrottleGate } from "../../backfill/throttle/gate.ts";
import { HeldTogether } from "../../backfill/throttle/held-together.ts";
import { overPlaces } from "../../fleet/over-places.ts";
import { type TenantPlace, tenantPlaces } from "../../fleet/places.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { placesFor, tenantsIn } from "./at-place.ts";
import { migratePlace, quietly, type RunRepo, usual } from "./migrate-places.ts";
import { chosen } from "./migrate-tenants.ts";
import { outcomeOf, type TenantDataOutcome } from "./tenant-data.ts";
import { tenantDataFiles } from "./tenant-data-steps.ts";

/**
 * @throws {ReleaseError} `tenants_failed`, `interrupted`, and every mistake in the migrations
 * themselves
 */
export async function migratePlacesData(
  { repo, session }: Pick<PreparedRun, "repo" | "session">,
  { repos: _, ...request }: MigrateRequest,
  { world, migrate }: { readonly world: RunWorld; readonly migrate: RunRepo },
): Promise<Partial<TenantDataOutcome>> {
  if ((await tenantDataFiles(repo, {}, world.root)).length === 0) return {};
  const { tenants: given, migrationsPath: _path, ...options } = request.options;
  const atPlace = placesFor(repo, world.root);
  const listed = await tenantPlaces(repo.name, tenantsIn(repo), session);
  const names = listed.map(({ tenant }) => tenant);
  const chosenOptions = given || {};
  const tenants = chosen({ repo, options: chosenOptions }, names);
  const places = new Map(listed.map(({ tenant, at }) => [tenant, at]));
  const { edge } = world;
  const until = options.forMs === undefined ? undefined : edge.now() + options.forMs;
  const gate = new ThrottleGate({ edge, over: "databases" });
  const prepared = {
    ...{ repo, atPlace, runRepo: migrate, lane: "data" as const },
    world: { ...quietly(world), gate },
  };
  const held = new HeldTogether(edge);
  let over: TenantDataOutcome["resume"];
  const at = (tenant: string): TenantPlace => ({ tenant, at: places.get(tenant)! });
  const left = () => (until === undefined ? {} : { forMs: Math.max(1, until - edge.now()) });
  const { migrated, failed } = await overPlaces(
    {
      ...{ tenants, canary: [], budget: undefined },
      concurrency: chosenOptions.concurrency ?? usual(repo),
      waitMs: options.lockWaitMs ?? repo.lockWaitMs,
      failuresOf: async () => undefined,
      work: async (tenant) => {
        if (over !== undefined) return "up_to_date";
        const asked = { ...request, options: { ...options, ...left() } };
        const quiet = { ...edge, emit: prepared.world.emit };
        const ending = await held.with(tenant, quiet, ({ emit }) =>
          migratePlace(at(tenant), {
            ...{ ...prepared, request: asked, world: { ...prepared.world, emit } },
          }),
        );
        if (typeof ending === "string" || ending.goesOn !== true) return ending;
        const { version, name } = ending.failed;
        over = { version, name };
        return "up_to_date";
      },
    },
    { repo: repo.name, edge },
  );
  if (migrated === 0 && failed.length === 0 && over === undefined)
    edge.emit({ type: "fleet_up_to_date", repo: repo.name, tenants: tenants.length });
  return outcomeOf({ migrated, failed, over }, { names: names.length, repo: repo.name });
}
