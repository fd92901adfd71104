/** The data migrations that tenants lack, as a run would do them. Takes no lock and writes nothing. */
import { readTenantRuns } from "../../backfill/tenant-runs.ts";
import type { Version } from "../../core/model/migration.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { chosen } from "./migrate-tenants.ts";
import { tenantDataFiles, tenantDataSteps } from "./tenant-data-steps.ts";
import { isInPlaces } from "./tenant-lane.ts";
import { PlannedSteps, type TenantsPlan } from "./tenants-plan.ts";

/** Nothing where the release has none. @throws {ReleaseError} every refusal of such a run */
export async function planTenantData(
  run: Pick<PreparedRun, "repo" | "session" | "steps">,
  request: MigrateRequest,
  world: RunWorld,
): Promise<TenantsPlan | undefined> {
  const { repo, session } = run;
  const { options, target } = request;
  if (isInPlaces(repo)) {
    if ((await tenantDataFiles(repo, {}, world.root)).length === 0) return undefined;
    return (await import("./plan-places.ts")).planPlaces(run, request, world, "data");
  }
  const found = await tenantDataSteps({ repo, session, options, target }, world);
  if (found === undefined) return undefined;
  const listed = await tenantNames(repo.name, repo.tenants ?? [], session);
  const names = chosen({ repo, options: options.tenants || {} }, listed);
  const runs = await readTenantRuns(session, found.history);
  const finished = runs.filter(({ state }) => state === "finished");
  const has = Map.groupBy(finished, ({ tenant }) => tenant);
  const order = (versions: readonly Version[]) =>
    found.steps.flatMap(({ file }) => versions.filter((version) => version === file.version));
  const planned = new PlannedSteps(order);
  let behind = 0;
  for (const name of names) {
    const done = new Set(has.get(name)?.map(({ version }) => version));
    const left = found.steps.filter(({ file }) => !done.has(file.version));
    if (left.length > 0) behind += 1;
    planned.add(left, 1);
  }
  return { tenants: names.length, behind, quarantined: 0, ...planned.result(), warnings: [] };
}
