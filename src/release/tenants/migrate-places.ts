/** Migrates tenants that have a file or a database each: opens one, does what any run does, and closes it. */
import type { Session } from "../../adapters/adapter.ts";
import type { FailedTenant } from "../../core/model/errors/fleet.ts";
import { type ErrorCode, isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import type { Emit } from "../../engine/events.ts";
import { overPlaces, type PlaceEnding } from "../../fleet/over-places.ts";
import { type TenantPlace, tenantPlaces } from "../../fleet/places.ts";
import type { Repo } from "../config.ts";
import type { LaneName } from "../lane.ts";
import { prepareRuns } from "../prepare-run.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { type AtPlace, placesFor, reasonAt, tenantsIn } from "./at-place.ts";
import { keepingOf } from "./keep-places.ts";
import { budgetOf, chosen, type TenantsOutcome } from "./migrate-tenants.ts";
import type { TenantRunOptions } from "./tenant-options.ts";

/** Runs a request on one repo, as `migrate` does. */
export type RunRepo = (
  request: MigrateRequest,
  lane: LaneName,
  world: RunWorld,
) => Promise<readonly RanRepo[]>;

type RanRepo = {
  readonly migrations: readonly unknown[];
  readonly resume?: Pick<FailedTenant, "version" | "name">;
};

/** The facts that are known before the first statement of the run. */
export type PreparedPlaces = {
  readonly repo: Repo;
  /** The connection to the shared database. */
  readonly session: Session;
  readonly atPlace: AtPlace;
  readonly runRepo: RunRepo;
  /** The request for each tenant. */
  readonly request: Omit<MigrateRequest, "repos">;
  readonly options: TenantRunOptions;
  readonly world: RunWorld;
  /** Which of their migrations. Default: those of the schema. */
  readonly lane?: LaneName;
};

/** @throws {ReleaseError} every refusal that is known without opening each */
export async function preparePlaces(
  { repo, session, steps }: Pick<PreparedRun, "repo" | "session" | "steps">,
  { repos: _, ...request }: MigrateRequest,
  world: RunWorld,
  runRepo: RunRepo,
): Promise<PreparedPlaces> {
  const { tenants: given, migrationsPath: _path, ...options } = request.options;
  const prepared: PreparedPlaces = {
    ...{ repo, session, atPlace: placesFor(repo, world.root), runRepo },
    ...{ request: { ...request, options }, options: given || {}, world: quietly(world) },
  };
  const places = await placesOrLater(prepared, steps.length > 0);
  const [first] = places === undefined ? [] : chosenPlaces(prepared, places);
  if (first !== undefined) await refuseByFirst(prepared, first);
  return prepared;
}

/** The table that they are read from may be one that this run makes. */
export async function placesOrLater(
  { repo, session }: Pick<PreparedPlaces, "repo" | "session">,
  isChanging: boolean,
): Promise<readonly TenantPlace[] | undefined> {
  try {
    return await tenantPlaces(repo.name, tenantsIn(repo), session);
  } catch (error) {
    if (isChanging && isReleaseError(error) && error.code === "tenants_unreadable")
      return undefined;
    throw error;
  }
}

/**
 * A mistake in the migrations themselves is wrong everywhere, so look at one tenant first. @throws
 * {ReleaseError} it
 */
async function refuseByFirst({ atPlace, request, world }: PreparedPlaces, { at }: TenantPlace) {
  const silent = { ...world, emit: () => undefined, reads: "tell" } as const;
  const asked = { ...request, repos: [atPlace(at)] };
  const runs = await prepareRuns(asked, "schema", silent).catch((error: unknown) => {
    if (isOfAll(error)) throw error;
    return [];
  });
  await Promise.all(runs.map(({ session }) => session.close()));
}

/**
 * @throws {ReleaseError} `tenants_failed`, `interrupted`, and every mistake in the migrations
 * themselves
 */
export async function migratePlaces(prepared: PreparedPlaces): Promise<TenantsOutcome> {
  const { repo, session, options, request, world } = prepared;
  const listed = await tenantPlaces(repo.name, tenantsIn(repo), session);
  const places = new Map(chosenPlaces(prepared, listed).map(({ tenant, at }) => [tenant, at]));
  const all = [...places.keys()];
  const keeping = await keepingOf(prepared, all);
  const tenants = all.filter((tenant) => !keeping.leavesAlone(tenant));
  const quarantined = all.length - tenants.length;
  const { migrated, failed, left } = await overPlaces(
    {
      ...{ tenants, canary: options.canary ?? [], budget: budgetOf(options) },
      concurrency: options.concurrency ?? usual(repo),
      waitMs: request.options.lockWaitMs ?? repo.lockWaitMs,
      failuresOf: (own) => keeping.failuresOf(own),
      work: (tenant) =>
        keeping.kept(tenant, () => migratePlace({ tenant, at: places.get(tenant)! }, prepared)),
    },
    { repo: repo.name, edge: world.edge },
  );
  if (quarantined > 0)
    world.edge.emit({ type: "fleet_quarantined", repo: repo.name, tenants: quarantined });
  if (failed.length > 0 || left > 0)
    throw new ReleaseError("tenants_failed", {
      ...{ repo: repo.name, failed, done: migrated },
      ...(failed.some(({ version }) => version !== "") ? {} : { triedAgain: true }),
      ...(left === 0 ? {} : { left }),
      ...(quarantined === 0 ? {} : { quarantined }),
    });
  if (migrated === 0)
    world.edge.emit({ type: "fleet_up_to_date", repo: repo.name, tenants: all.length });
  return { tenants: all.length, migrated, failed, quarantined };
}

/** Files are read and written in this process, so several at once gain nothing. */
export function usual({ adapter }: Repo): number {
  return adapter.single === true ? 1 : 8;
}

function chosenPlaces(
  prepared: PreparedPlaces,
  places: readonly TenantPlace[],
): readonly TenantPlace[] {
  const names = new Set(
    chosen(
      prepared,
      places.map(({ tenant }) => tenant),
    ),
  );
  return places.filter(({ tenant }) => names.has(tenant));
}

/** Migrates one of them. Throws mistakes in the migrations themselves. */
export async function migratePlace(
  { tenant, at }: TenantPlace,
  {
    repo,
    atPlace,
    runRepo,
    request,
    world,
    lane = "schema",
  }: Omit<PreparedPlaces, "session" | "options">,
): Promise<PlaceEnding> {
  try {
    const quiet = { ...world, edge: { ...world.edge, emit: world.emit } };
    // Another process may finish the tenant that it holds; meanwhile this one does others.
    const options = { ...request.options, lockWaitMs: 0 };
    const asked = { ...request, options, repos: [atPlace(at)] };
    const [outcome] = await runRepo(asked, lane, quiet);
    return endingOf(tenant, outcome);
  } catch (error) {
    if (!isReleaseError(error) || error.code === "interrupted" || isOfAll(error)) throw error;
    const failed = failedOf(tenant, error, repo.name);
    return error.code === "lock_held" ? { failed, isBusy: true } : { failed };
  }
}

function endingOf(tenant: string, outcome: RanRepo | undefined): PlaceEnding {
  const { resume, migrations = [] } = outcome ?? {};
  if (resume !== undefined)
    return {
      failed: { tenant, ...resume, reason: "its backfill continues when you run it again" },
      goesOn: true,
    };
  return migrations.length === 0 ? "up_to_date" : "migrated";
}

/** The reason in the words of the database, where it was a migration that failed. */
function failedOf(tenant: string, error: ReleaseError, repo: string): FailedTenant {
  const { version, name, reason } = error.details as Partial<Record<string, unknown>>;
  if (error.code === "migration_failed")
    return { tenant, version: String(version), name: String(name), reason: String(reason) };
  return { tenant, version: "", name: "", reason: reasonAt(repo, error) };
}

/** These errors come from the migrations and not from a place: the next place would give the same one. */
const ofAll: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  ...(["version_duplicated", "version_ambiguous", "version_unknown", "folder_missing"] as const),
  ...(["not_a_migration", "migration_unloadable", "migration_empty", "migration_invalid"] as const),
  ...(["not_utf8", "callback_missing", "sql_section_missing", "operation_invalid"] as const),
  ...(["operation_unsupported", "irreversible", "prefix_mismatch", "driver_missing"] as const),
  "unsafe",
]);

export function isOfAll(error: unknown): boolean {
  if (!isReleaseError(error)) return false;
  if (error.code !== "several") return ofAll.has(error.code);
  const { errors } = error.details as { readonly errors: readonly ReleaseError[] };
  return errors.some(isOfAll);
}

/** Nobody reads more different warnings than this. */
const toldAtMost = 100;

/**
 * Passes on each warning once for all tenants, and nothing else: the events of each tenant are no
 * news.
 */
export function quietly(world: RunWorld): RunWorld {
  const told = new Set<string>();
  const emit: Emit = (event) => {
    if (event.type !== "warning" || event.code === "database_absent") return;
    const key = `${event.code} ${event.message}`;
    if (told.has(key) || told.size >= toldAtMost) return;
    told.add(key);
    world.emit(event);
  };
  return { ...world, emit };
}
