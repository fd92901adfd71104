/** Flags for repos that are many. */
import type { MigrateOptions, RollbackOptions } from "../release/options.ts";
import { type FlagValues, flag, type Parse, value, values } from "./flags.ts";
import { given } from "./given.ts";
import { count, invalid, name } from "./parse.ts";

const names: Parse<readonly string[]> = (text, of) => {
  const found = text.split(",").map((one) => one.trim());
  if (found.includes("")) throw invalid(text, of, "names with commas between them");
  return found;
};

const budget: Parse<string> = (text, of) => {
  if (!/^\d+(\.\d+)?%$|^\d+$/.test(text))
    throw invalid(text, of, "a number, or a share such as 1%");
  return text;
};

/** How tenants are migrated. */
export const fleetFlags = {
  tenant: values("--tenant <name>", "only this tenant", name),
  tenantsOnly: flag("--tenants-only", "only the tenants, without the shared part"),
  concurrency: value("--concurrency <n>", "migrate tenants on this many connections", count),
  canary: value("--canary <a,b>", "migrate these first; if one fails, start no other", names),
  maxFailures: value("--max-failures <n>", "stop after this many failed tenants: 5, 1%", budget),
  retryQuarantined: flag("--retry-quarantined", "include tenants that failed before"),
};

/** How tenants get their data migrations. */
export const tenantDataFlags = {
  tenant: fleetFlags.tenant,
  tenantsOnly: fleetFlags.tenantsOnly,
  concurrency: fleetFlags.concurrency,
};

/** Whose run of a backfill. */
export const tenantRunFlag = {
  tenant: value("--tenant <name>", "the backfill of this tenant, and not that of all", name),
};

/** The tenants to look at. */
export const tenantStatusFlags = {
  tenants: flag("--tenants", "show each tenant"),
  behind: flag("--behind", "only tenants that are not up to date"),
};

/** Whose history. */
export const tenantFlag = {
  tenant: value("--tenant <name>", "show only this tenant", name),
};

/** Which tenants go back. */
export const tenantsBackFlags = {
  tenant: values("--tenant <name>", "only this tenant, without the shared part", name),
  allTenants: flag("--all-tenants", "every tenant, without the shared part"),
};

/** The named tenants; all only with `--all-tenants`. */
export function tenantsBack({
  allTenants,
  tenant,
}: Partial<FlagValues<typeof tenantsBackFlags>>): Pick<RollbackOptions, "tenants"> {
  if (allTenants === true) return { tenants: "all" };
  return tenant === undefined ? {} : { tenants: tenant };
}

/** The option `tenants` of a release's `migrate`, where one of the flags was given. */
export function fleetOptions(
  flags: Partial<FlagValues<typeof fleetFlags>>,
): Pick<MigrateOptions, "tenants"> {
  const { tenant, tenantsOnly: only, concurrency, canary, maxFailures, retryQuarantined } = flags;
  const tenants = given({
    names: tenant,
    only,
    concurrency,
    canary,
    maxFailures,
    retryQuarantined,
  });
  return Object.keys(tenants).length === 0 ? {} : { tenants };
}
