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
  tenant: values("--tenant <name>", "of the tenants only this one", name),
  tenantsOnly: flag("--tenants-only", "tenants alone, and nothing of what belongs to all"),
  concurrency: value("--concurrency <n>", "migrate tenants on this many connections", count),
  canary: value("--canary <a,b>", "these tenants first; when one fails, no other is begun", names),
  maxFailures: value(
    "--max-failures <n>",
    "begin no further tenant after more failures: 5, 1%",
    budget,
  ),
  retryQuarantined: flag("--retry-quarantined", "tenants too that failed before"),
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

/** Who of the tenants is looked at. */
export const tenantStatusFlags = {
  tenants: flag("--tenants", "each tenant too"),
  behind: flag("--behind", "only tenants that are not up to date"),
};

/** Whose history. */
export const tenantFlag = {
  tenant: value("--tenant <name>", "what was done to this tenant", name),
};

/** Which tenants go back. */
export const tenantsBackFlags = {
  tenant: values("--tenant <name>", "this tenant, and nothing of what belongs to all", name),
  allTenants: flag("--all-tenants", "every tenant, and nothing of what belongs to all"),
};

/** Those that are named; all only where that is said. */
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
