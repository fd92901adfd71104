/**
 * Reads the state of tenants that have a file or a database each. Takes no lock and writes nothing.
 */
import type { Session } from "../../adapters/adapter.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { compareVersions, type Version } from "../../core/model/migration.ts";
import type { StatusRow } from "../../core/plan/status.ts";
import { type TenantPlace, tenantPlaces } from "../../fleet/places.ts";
import { readQuarantined } from "../../fleet/quarantined.ts";
import type { Repo } from "../config.ts";
import type { PrepareContext } from "../run-world.ts";
import { type AtPlace, placesFor, placesTables, reasonAt, tenantsIn } from "./at-place.ts";
import { lookAtEach } from "./each-place.ts";
import { type PlaceData, PlacesDataSum } from "./places-data-sum.ts";
import {
  listedOrWhy,
  newestAmong,
  noneListed,
  type TenantStatus,
  type TenantsStatus,
} from "./tenant-status.ts";

type Options = {
  readonly prefix?: string | undefined;
  readonly tenants?: boolean | undefined;
  readonly data?: boolean | undefined;
  readonly isBehind?: boolean | undefined;
};

/** Reads repos, as `migrationStatus` does. */
export type ReadRepos = (
  repos: readonly Repo[],
  options: {
    readonly plain: boolean;
    readonly data: boolean;
    readonly prefix?: string | undefined;
  },
  context: PrepareContext,
) => Promise<{
  readonly results: readonly (PlaceData & { readonly migrations: readonly StatusRow[] })[];
  readonly errors: readonly ReleaseError[];
}>;

/** Opens each, and closes it. */
export async function readPlacesStatus(
  repo: Repo,
  session: Session,
  options: Options,
  context: PrepareContext,
  read: ReadRepos,
): Promise<TenantsStatus> {
  const { prefix, tenants } = options;
  const places = await listedOrWhy(options, () =>
    tenantPlaces(repo.name, tenantsIn(repo), session),
  );
  if (typeof places === "string") return noneListed(places);
  const kept = await readQuarantined(session, placesTables(repo, prefix));
  const atPlace = placesFor(repo, context.root);
  const data = options.data === true ? new PlacesDataSum() : undefined;
  const at = { repo: repo.name, atPlace, prefix, context, read, kept, data };
  const tally = new Tally();
  const list: TenantStatus[] = [];
  const look = async ({ tenant, at: place }: TenantPlace, index: number) => {
    const one = await placeStatus(tenant, place, at);
    tally.add(one);
    if (tenants === true) list[index] = one.status;
  };
  await lookAtEach(places, look, { adapter: repo.adapter, signal: context.edge.signal });
  return {
    ...{ tenants: places.length, ...tally.result() },
    ...(data?.result && { data: data.result }),
    ...(tenants === true ? { list } : {}),
  };
}

type Looked = { readonly status: TenantStatus; readonly pending: readonly Version[] };

async function placeStatus(
  tenant: string,
  place: string,
  at: {
    readonly repo: string;
    readonly atPlace: AtPlace;
    readonly prefix: string | undefined;
    readonly context: PrepareContext;
    readonly read: ReadRepos;
    /** Why those that failed are left alone. */
    readonly kept: ReadonlyMap<string, string>;
    /** Where how far their data migrations are is summed up. Default: nobody wants to know. */
    readonly data: PlacesDataSum | undefined;
  },
): Promise<Looked> {
  const { repo, atPlace, prefix, context, read, kept, data } = at;
  const silent = { ...context, emit: () => undefined };
  const asked = { plain: data === undefined, data: data !== undefined, prefix };
  const { results, errors } = await read([atPlace(place)], asked, silent);
  const [error] = errors;
  if (error !== undefined)
    return {
      status: { tenant, state: "unreachable", pending: 0, reason: reasonAt(repo, error) },
      pending: [],
    };
  for (const one of results) data?.add(one);
  const rows = results.flatMap(({ migrations }) => migrations);
  const pending = rows.flatMap(({ status, version }) => (status === "down" ? [version] : []));
  const newest = newestAmong(
    rows.flatMap(({ status, version }) => (status === "up" ? [version] : [])),
  );
  const reason = kept.get(tenant);
  const isKept = reason !== undefined;
  const state = isKept ? "quarantined" : pending.length > 0 ? "behind" : "up_to_date";
  const facts = { ...(newest === undefined ? {} : { newest }), ...(isKept ? { reason } : {}) };
  return { status: { tenant, state, ...facts, pending: pending.length }, pending };
}

/** Only counts, so that memory does not grow with the number of tenants. */
class Tally {
  #upToDate = 0;
  #behind = 0;
  #quarantined = 0;
  readonly #unreachable: { tenant: string; reason: string }[] = [];
  readonly #pending = new Set<Version>();
  /** The newest migrations of tenants that are behind; `undefined` for one that has none. */
  readonly #newest = new Set<Version | undefined>();

  add({ status: { tenant, state, newest, reason = "" }, pending }: Looked): void {
    if (state === "unreachable") this.#unreachable.push({ tenant, reason });
    else if (state === "up_to_date") this.#upToDate += 1;
    else {
      if (state === "behind") this.#behind += 1;
      else this.#quarantined += 1;
      this.#newest.add(newest);
      for (const version of pending) this.#pending.add(version);
    }
  }

  result(): Omit<TenantsStatus, "tenants" | "list"> {
    const unreachable = this.#unreachable;
    const known = [...this.#newest].flatMap((version) => version ?? []);
    const oldest = this.#newest.has(undefined) ? undefined : known.toSorted(compareVersions)[0];
    return {
      ...{ upToDate: this.#upToDate, behind: this.#behind, quarantined: this.#quarantined },
      ...(unreachable.length === 0 ? {} : { unreachable }),
      ...(oldest === undefined ? {} : { oldest }),
      pending: [...this.#pending].toSorted(compareVersions),
    };
  }
}

/** One of them, as a repo. @throws {ReleaseError} `tenants_unknown` */
export async function repoOfTenant(
  repo: Repo,
  tenant: string,
  at: { readonly session: Session; readonly root: string },
): Promise<Repo> {
  const places = await tenantPlaces(repo.name, tenantsIn(repo), at.session);
  const place = places.find((one) => one.tenant === tenant);
  if (place === undefined)
    throw new ReleaseError("tenants_unknown", { repo: repo.name, tenants: [tenant] });
  return placesFor(repo, at.root)(place.at);
}
