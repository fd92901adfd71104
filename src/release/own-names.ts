/**
 * Finds in a catalog the objects of Slipway and of tenants, which the migrations of all did not
 * make.
 */
import type { Session } from "../adapters/adapter.ts";
import type { Named } from "../core/model/named.ts";
import { ownTables } from "../engine/own-tables.ts";
import { fleetTablesOf, ownFleetTables } from "../fleet/tables.ts";
import type { Repo } from "./config.ts";

/** The names of all tables of ours beside histories of these names, and of the histories. */
export function ownNames(histories: readonly string[]): Set<string> {
  const own = histories.flatMap((name) => [...ownTables({ name }), ...ownFleetTables({ name })]);
  return new Set(["slipway_lock", ...own.map(({ table }) => table.name)]);
}

/**
 * The schemas of tenants: those that have a row, and those that the repo lists. Each has its own
 * history, which judges it.
 */
export async function tenantSchemas(
  { name, tenants }: Pick<Repo, "name" | "tenants">,
  session: Session,
  history: Named,
): Promise<ReadonlySet<string>> {
  if (tenants === undefined) return new Set();
  const { readTenants } = await import("../fleet/registry.ts");
  const { tenantNames } = await import("../fleet/tenant-names.ts");
  const known = await readTenants(session, fleetTablesOf(history));
  // Where the list cannot be read, a run says so.
  const listed = await tenantNames(name, tenants, session).catch(() => []);
  return new Set([...known.keys(), ...listed]);
}
