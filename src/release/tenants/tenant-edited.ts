/** Migrations that have run on tenants and mean something else now. Loaded only when something is to run. */
import { type ReleaseError, refuse } from "../../core/model/errors.ts";
import type { AppliedMigration, Version } from "../../core/model/migration.ts";
import { versionNumber } from "../../core/model/version-key.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import type { StoredPlan } from "../../core/plan/stored-plan-data.ts";
import { planKey, readKeptPlans } from "../../fleet/plans.ts";
import { readMeanings, readTenantsWith } from "../../fleet/ran-meanings.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import { findEdited } from "../edited.ts";
import type { Decided } from "./tenant-decided.ts";

/**
 * One query for what has run anywhere, whatever the number of tenants; which of these tenants have it is asked only where
 * something was edited.
 *
 * @throws {ReleaseError} `migration_edited` when the meaning of one changed, unless that is allowed
 */
export async function editedOnTenants(
  at: Decided,
  tenants: readonly string[],
  { isAllowed }: { readonly isAllowed: boolean },
): Promise<readonly Warning[]> {
  const { files, session, source, repo, lane, prepare } = at;
  const tables = fleetTablesOf(lane.historyTable);
  const here = new Set(tenants);
  const edits: ReleaseError[] = [];
  const told: Warning[] = [];
  for (const row of await readMeanings(session, tables, files)) {
    const plansOf = async () => {
      const kept = await readKeptPlans(session, tables);
      return plansByVersion(row, kept.get(keyOf(row)));
    };
    const history = { table: lane.historyTable, repo: repo.name };
    const up = { ...prepare, direction: "up" as const };
    const { meaning, text } = await findEdited({
      ...{ files, applied: [row], source, session, history, prepare: up, plansOf },
    });
    if (meaning.length + text.length === 0) continue;
    const having = await readTenantsWith(session, tables, row);
    if (!having.some((tenant) => here.has(tenant))) continue;
    for (const error of meaning)
      if (isAllowed) told.push(warning("edit_allowed", error.details));
      else edits.push(error);
    for (const { origin } of text) told.push(warning("looks_edited", { origin }));
  }
  refuse(edits);
  return told;
}

function keyOf({ version, rowNumber, meaning }: AppliedMigration): string {
  return planKey(rowNumber ?? versionNumber(version), meaning ?? "");
}

function plansByVersion(
  { version }: AppliedMigration,
  plan: StoredPlan | undefined,
): ReadonlyMap<Version, StoredPlan> {
  return new Map(plan === undefined ? [] : [[version, plan]]);
}
