/** The tables of a fleet, in the schema of the repo's own history: one row for each tenant, one for each migration of it. */
import type { Dialect } from "../core/language/dialect.ts";
import type { Column } from "../core/language/table-parts.ts";
import type { Named } from "../core/model/named.ts";
import type { OwnTable } from "../engine/own-table.ts";

/** Where they are. */
export type FleetTables = {
  /** One row for each tenant: the versions that it has, and whether it is left alone. */
  readonly tenants: Named;
  /** The history: one row for each tenant and migration. */
  readonly history: Named;
  /** The way back of each migration, once for all tenants. */
  readonly plans: Named;
  /** The events of failures and rollbacks. */
  readonly events: Named;
  /** The table of each tenant's own history in its schema, where that one counts. Default: the central one does. */
  readonly own?: string;
};

/** Beside this history. `own`: the name of each tenant's own, where that one counts. */
export function fleetTablesOf(history: Named, own?: string): FleetTables {
  return {
    ...(own === undefined ? {} : { own }),
    tenants: { ...history, name: "slipway_tenants" },
    history: { ...history, name: "slipway_tenant_migrations" },
    plans: { ...history, name: "slipway_tenant_plans" },
    events: { ...history, name: "slipway_tenant_events" },
  };
}

const tenant: Column = { name: "tenant", type: "string", primaryKey: true, null: false };
const version: Column = { name: "version", type: "bigint", null: false };
const byWhom: readonly Column[] = [
  { name: "run_id", type: "text" },
  { name: "release", type: "text" },
  { name: "host", type: "text" },
];

/**
 * `versions` is a checksum of the versions on the tenant, so that a run finds who is behind without
 * its history. A run writes it with the rows of the history, in the transaction of the change.
 */
const tenantColumns: readonly Column[] = [
  tenant,
  { name: "versions", type: "string", size: 32, null: false },
  { name: "newest", type: "bigint" },
  { name: "state", type: "string", size: 16, null: false },
  { name: "reason", type: "text" },
  { name: "failed_version", type: "bigint" },
  { name: "failed_name", type: "text" },
  { name: "failed_at", type: "naive_datetime" },
  { name: "run_id", type: "text" },
];

const historyOfTenants: readonly Column[] = [
  tenant,
  { ...version, primaryKey: true },
  { name: "inserted_at", type: "naive_datetime" },
  { name: "name", type: "text" },
  { name: "checksum", type: "text" },
  { name: "meaning", type: "string", size: 32 },
  ...byWhom,
  { name: "phase", type: "text" },
  { name: "compatible_from", type: "text" },
  { name: "migration_id", type: "text" },
];

const planColumns: readonly Column[] = [
  { ...version, primaryKey: true },
  { name: "meaning", type: "string", size: 32, primaryKey: true, null: false },
  { name: "name", type: "text" },
  { name: "plan", type: "map" },
];

const eventColumns: readonly Column[] = [
  { name: "id", type: "identity", primaryKey: true, null: false },
  { ...tenant, primaryKey: false },
  version,
  { name: "name", type: "text" },
  { name: "direction", type: "text" },
  { name: "result", type: "text" },
  { name: "reason", type: "text" },
  { name: "happened_at", type: "naive_datetime" },
  ...byWhom,
];

/** All of them, as they are made. Tenants whose names differ in case only have rows of their own. */
export function ownFleetTables(
  history: Named,
  { exactCollation: collation }: Pick<Dialect, "exactCollation"> = {},
): readonly OwnTable[] {
  const tables = fleetTablesOf(history);
  const [name, ...others] = tenantColumns;
  return [
    { table: tables.tenants, columns: [{ ...name!, ...(collation && { collation }) }, ...others] },
    { table: tables.history, columns: historyOfTenants },
    { table: tables.plans, columns: planColumns },
    { table: tables.events, columns: eventColumns },
  ];
}
