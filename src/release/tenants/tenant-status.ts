/** Who of the tenants is behind. Takes no lock and writes nothing. */
import type { Session } from "../../adapters/adapter.ts";
import { isReleaseError, type ReleaseError } from "../../core/model/errors.ts";
import { compareVersions, type Version } from "../../core/model/migration.ts";
import { isNumber } from "../../core/model/version-key.ts";
import { readStates } from "../../fleet/own-histories.ts";
import { readQuarantined } from "../../fleet/quarantined.ts";
import { untouched } from "../../fleet/registry.ts";
import type { FleetTables } from "../../fleet/tables.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import type { Repo } from "../config.ts";
import type { PrepareContext } from "../run-world.ts";
import { readTenantData, type TenantDataStatus, tenantDataLines } from "./tenant-data-status.ts";
import { tenantLaneOf, tenantTables } from "./tenant-lane.ts";
import { tenantPlans } from "./tenant-plans.ts";

/** How many tenants have all, and what those lack that have not. */
export type TenantsStatus = {
  readonly tenants: number;
  readonly upToDate: number;
  readonly behind: number;
  /** Those that failed and are left alone; they are not among `behind`. */
  readonly quarantined: number;
  /** Tenants whose file or database cannot be read, one by one with the reason. Left out when there are none. */
  readonly unreachable?: readonly { readonly tenant: string; readonly reason: string }[];
  /** The newest migration of the one that is furthest behind. Left out when none is behind, or that one has none. */
  readonly oldest?: Version;
  /** The migrations that some tenant lacks. */
  readonly pending: readonly Version[];
  /**
   * The migrations that have run on some tenant and mean something else now. Left out when none
   * does.
   */
  readonly edited?: readonly Version[];
  /** Why the tenants cannot be listed yet: what belongs to all is pending. All counts are 0 then. */
  readonly unlisted?: string;
  /** How far their data migrations are, only when asked for with `data: true`. Left out where there are none. */
  readonly data?: readonly TenantDataStatus[];
  /** One by one, only when asked for with `tenants: true`. */
  readonly list?: readonly TenantStatus[];
};

/** One tenant. */
export type TenantStatus = {
  readonly tenant: string;
  readonly state: "up_to_date" | "behind" | "quarantined" | "unreachable";
  /** Its newest migration. Left out when it has none. */
  readonly newest?: Version;
  /** How many it lacks. */
  readonly pending: number;
  /** Why it is left alone, or cannot be read. */
  readonly reason?: string;
};

type Options = {
  readonly prefix?: string | undefined;
  readonly tenants?: boolean | undefined;
  readonly data?: boolean | undefined;
  readonly plain?: boolean | undefined;
  /** Whether what belongs to all is pending, which may make the table that lists the tenants. */
  readonly isBehind?: boolean | undefined;
};

/** Nobody can be listed yet. */
export function noneListed(reason: string): TenantsStatus {
  const counts = { tenants: 0, upToDate: 0, behind: 0, quarantined: 0 };
  return { ...counts, pending: [], unlisted: reason };
}

/** @throws {ReleaseError} `tenants_unreadable`, unless what belongs to all is pending; `tenants_invalid` */
export async function readTenantsStatus(
  repo: Repo,
  session: Session,
  options: Options,
  context: PrepareContext,
): Promise<TenantsStatus> {
  const wanted = { target: { direction: "up", all: true }, prefix: options.prefix } as const;
  const plans = await tenantPlans(repo, session, wanted, context);
  const tables = tenantTables(repo, tenantLaneOf(repo, options).historyTable);
  const names = await listedOrWhy(options, () =>
    tenantNames(repo.name, repo.tenants ?? [], session),
  );
  if (typeof names === "string") return noneListed(names);
  const states = await readStates(session, tables);
  const groups = new Map<string, GroupStatus>();
  const pending = new Set<Version>();
  const list: TenantStatus[] = [];
  for (const tenant of names) {
    const { versions, quarantined } = states.get(tenant) ?? untouched;
    const group = groups.get(versions) ?? (await groupStatus(plans, versions, tenant));
    groups.set(versions, group);
    for (const version of group.pending) pending.add(version);
    const isBehind = group.pending.length > 0;
    list.push({
      tenant,
      state: quarantined ? "quarantined" : isBehind ? "behind" : "up_to_date",
      ...(group.newest === undefined ? {} : { newest: group.newest }),
      pending: group.pending.length,
    });
  }
  const count = (state: TenantStatus["state"]) => list.filter((one) => one.state === state).length;
  const late = list.filter(({ state }) => state !== "up_to_date");
  const edited = options.plain === true ? [] : await plans.editedVersions(names);
  const oldest = late.some(({ newest }) => newest === undefined)
    ? undefined
    : late.flatMap(({ newest }) => newest ?? []).toSorted(compareVersions)[0];
  const data =
    options.data === true
      ? await readTenantData(repo, session, names, { prefix: options.prefix, root: context.root })
      : undefined;
  return {
    tenants: names.length,
    ...(data === undefined ? {} : { data }),
    upToDate: count("up_to_date"),
    behind: count("behind"),
    quarantined: count("quarantined"),
    ...(oldest === undefined ? {} : { oldest }),
    pending: [...pending].toSorted(compareVersions),
    ...(edited.length === 0 ? {} : { edited }),
    ...(options.tenants === true ? { list: await withReasons(list, session, tables) } : {}),
  };
}

/** The list, or why there is none yet. */
export async function listedOrWhy<List>(
  { isBehind }: Pick<Options, "isBehind">,
  list: () => Promise<List>,
): Promise<List | string> {
  try {
    return await list();
  } catch (error) {
    if (!isBehind || !isReleaseError(error) || error.code !== "tenants_unreadable") throw error;
    return (error as ReleaseError<"tenants_unreadable">).details.reason;
  }
}

type GroupStatus = { readonly pending: readonly Version[]; readonly newest: Version | undefined };

async function groupStatus(
  plans: Awaited<ReturnType<typeof tenantPlans>>,
  versions: string,
  tenant: string,
): Promise<GroupStatus> {
  if (versions === plans.current)
    return { pending: [], newest: newestAmong(plans.files.map(({ version }) => version)) };
  const { applied, plan } = await plans.chosenFor(versions, tenant);
  return {
    pending: plan.files.map(({ version }) => version),
    newest: newestAmong(applied.map(({ version }) => version)),
  };
}

export function newestAmong(versions: readonly Version[]): Version | undefined {
  const numbers = versions.filter(isNumber);
  return (numbers.length === 0 ? versions : numbers).toSorted(compareVersions).at(-1);
}

async function withReasons(
  list: readonly TenantStatus[],
  session: Session,
  tables: FleetTables,
): Promise<readonly TenantStatus[]> {
  if (!list.some(({ state }) => state === "quarantined")) return list;
  const reasons = await readQuarantined(session, tables);
  return list.map((one) => {
    const reason = one.state === "quarantined" ? reasons.get(one.tenant) : undefined;
    return reason === undefined ? one : { ...one, reason };
  });
}

/** `main: 9,998 up to date, 2 behind, 1 quarantined; oldest 20210709121212`, and a line for each of the list. */
export function tenantsText(
  repo: string,
  status: TenantsStatus,
  { behind = false }: { readonly behind?: boolean | undefined } = {},
): string {
  const { upToDate, oldest, edited = [], unlisted, list = [] } = status;
  if (unlisted !== undefined)
    return `\n${repo}: its tenants cannot be listed before what belongs to all has run: ${unlisted}\n`;
  const count = (number: number, words: string) =>
    number === 0 ? [] : [`${number.toLocaleString("en-US")} ${words}`];
  const words = [
    `${upToDate.toLocaleString("en-US")} up to date`,
    ...count(status.behind, "behind"),
    ...count(status.quarantined, "quarantined"),
    ...count(status.unreachable?.length ?? 0, "unreachable"),
  ].join(", ");
  const shown = list.filter(({ state }) => !behind || state !== "up_to_date");
  const width = Math.max(0, ...shown.map(({ tenant }) => tenant.length));
  const lines = shown.map(({ tenant, state, newest = "nothing yet", pending, reason }) => {
    const lacks = pending === 0 ? "" : `  ${pending} pending`;
    const why = reason === undefined ? "" : `: ${reason}`;
    return `  ${tenant.padEnd(width)}  ${state.replaceAll("_", " ")}  ${newest}${lacks}${why}\n`;
  });
  const since = edited.length === 0 ? "" : `; edited after it ran: ${edited.join(", ")}`;
  return `\n${repo}: ${words}${oldest === undefined ? "" : `; oldest ${oldest}`}${since}\n${lines.join("")}${dataText(repo, status)}`;
}

function dataText(repo: string, { data, tenants }: TenantsStatus): string {
  if (data === undefined) return "";
  const lines = tenantDataLines(data, tenants).map((line) => `${line}\n`);
  return `\n${repo}: data migrations of tenants\n${lines.join("")}`;
}
