/**
 * Plans a run for tenants that have a file or a database each: opens one, looks at what it lacks,
 * and closes it.
 */
import { isReleaseError, type ReleaseError } from "../../core/model/errors.ts";
import { compareVersions } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import type { TenantPlace } from "../../fleet/places.ts";
import { readQuarantined } from "../../fleet/quarantined.ts";
import type { LaneName } from "../lane.ts";
import { prepareRuns } from "../prepare-run.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { placesFor, placesTables, reasonAt } from "./at-place.ts";
import { isOfAll, placesOrLater, usual } from "./migrate-places.ts";
import { chosen } from "./migrate-tenants.ts";
import { PlannedSteps, type TenantsPlan } from "./tenants-plan.ts";

/**
 * @throws {ReleaseError} every mistake in the migrations themselves; `tenants_unreadable`,
 * `tenants_unknown`, `interrupted`
 */
export async function planPlaces(
  { repo, session, steps }: Pick<PreparedRun, "repo" | "session" | "steps">,
  { repos: _, ...request }: MigrateRequest,
  world: RunWorld,
  lane: LaneName = "schema",
): Promise<TenantsPlan> {
  const { tenants: given, migrationsPath: _path, ...options } = request.options;
  const listed = await placesOrLater({ repo, session }, steps.length > 0);
  if (listed === undefined)
    return { behind: 0, quarantined: 0, steps: [], counts: {}, warnings: [] };
  const names = new Set(
    chosen(
      { repo, options: given || {} },
      listed.map(({ tenant }) => tenant),
    ),
  );
  const all = listed.filter(({ tenant }) => names.has(tenant));
  const kept = await readQuarantined(session, placesTables(repo, options.prefix));
  const isRetried = given !== false && given?.retryQuarantined === true;
  // Data migrations leave nobody alone.
  const isLeft = (tenant: string) => lane === "schema" && !isRetried && kept.has(tenant);
  const places = all.filter(({ tenant }) => !isLeft(tenant));
  const atPlace = placesFor(repo, world.root);
  const planned = new PlannedSteps((versions) => versions.toSorted(compareVersions));
  const warnings = new Map<string, Warning>();
  const unreachable: { tenant: string; reason: string }[] = [];
  let behind = 0;
  const look = async ({ tenant, at }: TenantPlace) => {
    const asked = { ...request, options, repos: [atPlace(at)] };
    const silent = { ...world, emit: () => undefined, unmet: "tell", reads: "tell" } as const;
    try {
      for (const run of await prepareRuns(asked, lane, silent)) {
        await run.session.close();
        if (run.steps.length > 0) behind += 1;
        planned.add(run.steps, 1);
        for (const one of run.warnings) warnings.set(one.message, one);
      }
    } catch (error) {
      if (!isReleaseError(error) || error.code === "interrupted" || isOfAll(error)) throw error;
      unreachable.push({ tenant, reason: reasonAt(repo.name, error as ReleaseError) });
    }
  };
  let next = 0;
  const worker = async () => {
    for (let place = places[next++]; place !== undefined; place = places[next++]) await look(place);
  };
  await Promise.all(Array.from({ length: usual(repo) }, worker));
  return {
    ...{ tenants: all.length, behind, quarantined: all.length - places.length },
    ...(unreachable.length === 0 ? {} : { unreachable }),
    ...planned.result(),
    warnings: [...warnings.values()],
  };
}
