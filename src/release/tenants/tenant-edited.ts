/** Migrations that have run on tenants and mean something else now. Loaded only when something is to run. */
import { refuse } from "../../core/model/errors.ts";
import type { AppliedMigration, Version } from "../../core/model/migration.ts";
import { versionNumber } from "../../core/model/version-key.ts";
import { type Warning, warning } from "../../core/model/warnings.ts";
import type { StoredPlan } from "../../core/plan/stored-plan-data.ts";
import { planKey, readKeptPlans } from "../../fleet/plans.ts";
import { readMeanings, readTenantsWith } from "../../fleet/ran-meanings.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import { type Edited, findEdited } from "../edited.ts";
import type { Decided } from "./tenant-decided.ts";

/** @throws {ReleaseError} `migration_edited` when the meaning of one changed, unless that is allowed */
export async function editedOnTenants(
  at: Decided,
  tenants: readonly string[],
  { isAllowed }: { readonly isAllowed: boolean },
): Promise<readonly Warning[]> {
  const { meaning, text } = await findEdits(at, tenants);
  if (!isAllowed) refuse(meaning);
  return [
    ...meaning.map(({ details }) => warning("edit_allowed", details)),
    ...text.map(({ origin }) => warning("looks_edited", { origin })),
  ];
}

/**
 * Sends one query for all migrations that have run anywhere, whatever the number of tenants; asks
 * which of these tenants have one only where something was edited.
 */
export async function findEdits(at: Decided, tenants: readonly string[]): Promise<Edited> {
  const { files, session, source, repo, lane, prepare } = at;
  const tables = fleetTablesOf(lane.historyTable);
  const here = new Set(tenants);
  const meaning: Edited["meaning"][number][] = [];
  const text: Edited["text"][number][] = [];
  for (const row of await readMeanings(session, tables, files)) {
    const plansOf = async () => {
      const kept = await readKeptPlans(session, tables);
      return plansByVersion(row, kept.get(keyOf(row)));
    };
    const history = { table: lane.historyTable, repo: repo.name };
    const up = { ...prepare, direction: "up" as const };
    const found = await findEdited({
      ...{ files, applied: [row], source, session, history, prepare: up, plansOf },
    });
    if (found.meaning.length + found.text.length === 0) continue;
    const having = await readTenantsWith(session, tables, row);
    if (!having.some((tenant) => here.has(tenant))) continue;
    meaning.push(...found.meaning);
    text.push(...found.text);
  }
  return { meaning, text };
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
