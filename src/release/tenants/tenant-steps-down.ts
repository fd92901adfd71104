/** Takes tenants back: by the file, or by the kept plan where the file is gone or means something else. */
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { AppliedMigration, MigrationFile } from "../../core/model/migration.ts";
import { versionNumber } from "../../core/model/version-key.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import { stepFromStored } from "../../core/plan/step-from-stored.ts";
import type { StoredPlan } from "../../core/plan/stored-plan-data.ts";
import { planKey, readKeptPlans } from "../../fleet/plans.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import { changedSince, loadAll, stepsOf } from "../steps.ts";
import { type Decided, refuseSteps } from "./tenant-decided.ts";

/** In the order of the plan. @throws {ReleaseError} `irreversible`, `not_in_release` */
export async function stepsDown(
  chosen: Plan,
  applied: readonly AppliedMigration[],
  at: Decided,
): Promise<readonly Step[]> {
  const { session, source, prepare, lane, repo } = at;
  const kept = await readKeptPlans(session, fleetTablesOf(lane.historyTable));
  const isGone = new Set(chosen.stored.map(({ version }) => version));
  const loaded = await loadAll(
    chosen.files.filter(({ version }) => !isGone.has(version)),
    at,
  );
  const changed = await changedSince(loaded, { applied, prepare });
  const stored = [...chosen.stored, ...changed];
  const isStored = new Set(stored.map(({ version }) => version));
  const files = chosen.files.filter(({ version }) => !isStored.has(version));
  const { steps } = await stepsOf({
    plan: { ...chosen, files, stored: [], restored: [] },
    ...{ applied: [], source, session, prepare, fromFiles: true },
    history: { table: lane.historyTable, repo: repo.name },
  });
  const back = stored.map((file) => backBy(file, { rows: applied, kept, at }));
  refuse(back.flatMap((one) => (one instanceof ReleaseError ? [one] : [])));
  const all = [...steps, ...back.flatMap((one) => (one instanceof ReleaseError ? [] : [one]))];
  refuseSteps(all);
  const byVersion = new Map(all.map((step) => [step.file.version, step]));
  return chosen.files.flatMap(({ version }) => byVersion.get(version) ?? []);
}

/** The migrations that have run, with whether their plans were kept. */
export async function withKept(
  applied: readonly AppliedMigration[],
  { session, lane }: Pick<Decided, "session" | "lane">,
): Promise<readonly AppliedMigration[]> {
  const kept = await readKeptPlans(session, fleetTablesOf(lane.historyTable));
  return applied.map((row) => ({ ...row, hasPlan: keptOf(row, kept) !== undefined }));
}

type Kept = ReadonlyMap<string, StoredPlan>;

function keptOf({ version, rowNumber, meaning }: AppliedMigration, kept: Kept) {
  return kept.get(planKey(rowNumber ?? versionNumber(version), meaning ?? ""));
}

function backBy(
  file: MigrationFile,
  {
    rows,
    kept,
    at,
  }: { readonly rows: readonly AppliedMigration[]; readonly kept: Kept; readonly at: Decided },
): Step | ReleaseError {
  const { version, name } = file;
  const row = rows.find((one) => one.version === version);
  const found = row && keptOf(row, kept);
  const step =
    found === undefined
      ? { refused: "its plan was not kept" }
      : stepFromStored(file, found, at.session.dialect.splitStatements);
  if (!("refused" in step)) return step;
  const details = { repo: at.repo.name, version, name, reason: step.refused };
  return new ReleaseError("not_in_release", { ...details, release: undefined });
}
