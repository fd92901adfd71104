/** The backfills of a tenant that has a file or a database: those of an ordinary repo. */
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import { type BackfillPlace, type BackfillsContext, chosen } from "../find-backfill.ts";
import { openSession } from "../open.ts";
import { repoOfTenant } from "./look-at-places.ts";
import { tenantDataFiles } from "./tenant-data-steps.ts";
import { isInPlaces } from "./tenant-lane.ts";

/** The means of a command, and the place that it is about. */
export type MeantPlace<Place extends BackfillPlace> = {
  readonly context: BackfillsContext;
  readonly place: Place;
};

/** Where the tenant that is named has a file or a database, the command is about that one alone. @throws {ReleaseError} `tenants_unknown` */
export async function atTenantsPlace<Place extends BackfillPlace>(
  context: BackfillsContext,
  place: Place,
): Promise<MeantPlace<Place>> {
  const { tenant } = place;
  const candidates = chosen(context.repos, place);
  const [repo, ...others] = candidates.filter(({ tenants }) => tenants !== undefined);
  // Of several repos with tenants, the one that is meant has to be named.
  if (tenant === undefined || repo === undefined || others.length > 0 || !isInPlaces(repo))
    return { context, place };
  const world = context.world({});
  const session = await openSession(repo, { role: "work", reads: "quietly", ...world });
  try {
    const one = await repoOfTenant(repo, tenant, { session, root: world.root });
    const { tenant: _, ...rest } = place;
    return { context: { ...context, repos: [one] }, place: rest as Place };
  } finally {
    await session.close();
  }
}

/** A backfill that a command names. */
export type WantedBackfill = { readonly version: Version; readonly place: BackfillPlace };

/**
 * Does something about a backfill. Where it is not there because each tenant has it in its own database, says so.
 *
 * @throws {ReleaseError} `usage_invalid`, `backfill_unknown`
 */
export async function refusingMany<Result>(
  context: BackfillsContext,
  wanted: WantedBackfill,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const isUnknown = isReleaseError(error) && error.code === "backfill_unknown";
    if (isUnknown && wanted.place.tenant === undefined) await refuseMany(context, wanted);
    throw error;
  }
}

async function refuseMany(
  context: BackfillsContext,
  { version, place }: WantedBackfill,
): Promise<void> {
  const { root } = context.world({});
  for (const repo of chosen(context.repos, place).filter(isInPlaces)) {
    const files = await tenantDataFiles(repo, {}, root);
    if (files.some((file) => file.version === version))
      throw new ReleaseError("usage_invalid", {
        reason: `${version} is a backfill of the tenants of repo ${repo.name}, and each keeps its own`,
        hint: `Name the tenant with --tenant, or run all of them: slipway migrate-data --repo ${repo.name} --tenants-only`,
      });
  }
}
