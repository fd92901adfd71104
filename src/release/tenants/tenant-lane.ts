/** The third lane of a repo: the migrations of each tenant, with their own folder and history. */
import type { SchemaDefaults } from "../../core/language/defaults.ts";
import type { Named } from "../../core/model/named.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import type { Repo } from "../config.ts";
import type { Lane, LaneOptions } from "../lane.ts";

/** Where the migrations of tenants are, and where their history is. */
export function tenantLaneOf(repo: Repo, { prefix }: Pick<LaneOptions, "prefix">): Lane {
  const { carried, modules, placeholders, layout } = repo;
  const own = carried.tenantMigrations ?? repo.tenantMigrations;
  const isPlain = modules === undefined && placeholders === undefined && layout === undefined;
  const place = { name: repo.historyTable, ...(prefix === undefined ? {} : { prefix }) };
  return {
    name: "schema",
    migrations: isPlain ? own : { migrations: own, modules, placeholders, layout },
    historyTable: fleetTablesOf(place).history,
    mayBeMissing: false,
  };
}

/** Where the data migrations of tenants are, and beside which history their progress is kept. */
export function tenantDataLaneOf(repo: Repo, { prefix }: Pick<LaneOptions, "prefix">): Lane {
  return {
    name: "data",
    migrations: repo.carried.tenantDataMigrations ?? repo.tenantDataMigrations,
    historyTable: { name: repo.dataHistoryTable, ...(prefix === undefined ? {} : { prefix }) },
    mayBeMissing: !repo.tenantDataMigrationsGiven,
  };
}

/** The tables of tenants, beside this history. */
export function tenantTables(repo: Pick<Repo, "tenants" | "historyTable">, history: Named) {
  return fleetTablesOf(history, isPerTenant(repo) ? repo.historyTable : undefined);
}

/** Whether each tenant's own history counts. */
export function isPerTenant({ tenants = [] }: Pick<Repo, "tenants">): boolean {
  return "schemas" in tenants && tenants.history === "per-tenant";
}

/** A table without a schema is the tenant's own. */
export function tenantDefaults({ defaults }: Pick<Repo, "defaults">): SchemaDefaults {
  const { prefix: _, ...others } = defaults;
  return others;
}

/** The repo as its tenants have it. */
export function ofTenants(repo: Repo): Repo {
  return {
    ...repo,
    defaults: tenantDefaults(repo),
    safe: repo.safe === "auto" ? "warn" : repo.safe,
  };
}

/** Whether each tenant has a file or a database, and no schema beside others. */
export function isInPlaces({ tenants }: Pick<Repo, "tenants">): boolean {
  return tenants !== undefined && ("files" in tenants || "databases" in tenants);
}
