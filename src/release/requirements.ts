/** Migrations that say which data migration must have run before them. */
import { ReleaseError } from "../core/model/errors.ts";
import type { Step } from "../core/plan/step.ts";
import { appliedData, type DataPlace, dataFiles } from "./data-lane.ts";

/** The requirements that are not fulfilled. Reads nothing for steps that require nothing. */
export async function unmetRequirements(
  steps: readonly Step[],
  place: DataPlace,
): Promise<readonly ReleaseError[]> {
  const requiring = steps.filter((step) => step.direction === "up" && step.requiresData);
  if (requiring.length === 0) return [];
  const done = await appliedData(place);
  const unmet = requiring.filter((step) => !done.has(step.requiresData ?? ""));
  if (unmet.length === 0) return [];
  const known = (await dataFiles(place)).map((file) => file.version);
  return unmet.map(({ file: { version, name }, requiresData: data = "" }) => {
    const details = { repo: place.repo.name, version, name, data };
    if (!known.includes(data))
      return new ReleaseError("data_migration_unknown", { ...details, known });
    const first = steps[0]?.file.version === version;
    return new ReleaseError("data_migration_required", { ...details, first });
  });
}
