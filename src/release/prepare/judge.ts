/**
 * Judges the steps to run: beside an application in use, by their requirements, and behind this
 * connection.
 */
import { type ReleaseError, refuse } from "../../core/model/errors.ts";
import type { Warning } from "../../core/model/warnings.ts";
import { missingRequirements } from "../../core/plan/missing-requirements.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import { overtakingLater } from "../phases.ts";
import { unmetRequirements } from "../requirements.ts";
import { type Safety, safetyOf } from "../safety.ts";
import { wouldRefuse } from "../would-refuse.ts";
import type { Asked } from "./asked.ts";
import type { RanMigrations } from "./read.ts";

/** Is there in a built release only, when no repo has such a database: no other has tables that cannot roll back. */
declare const slipwayWithoutMysql: true | undefined;

export type Judgements = Pick<Safety, "warnings" | "forecasts">;

/**
 * Gives the warnings and forecasts of the steps. @throws {ReleaseError} `unsafe`,
 * `certain_to_fail`, `migration_empty`, `data_missing`, `direct_url_needed`
 */
export async function judge(
  asked: Asked,
  { applied }: RanMigrations,
  plan: Plan,
  steps: readonly Step[],
): Promise<Judgements> {
  const { repo, session, isLook } = asked;
  const safety = await safetyOf(safetyInput(asked, steps));
  const { prefix } = asked.request.options;
  const unmet = [
    ...missingRequirements(steps, { repo: repo.name, applied, files: asked.files }),
    ...(await unmetRequirements(steps, { repo, session, prefix, root: asked.root })),
  ];
  const { warnings: toKnow, refused: empty } = await whatToKnow(asked, steps);
  if (!isLook) refuse([...safety.refused, ...unmet, ...empty]);
  const stuck = isLook ? await overtakingLater(plan, steps, { ...asked, applied }) : [];
  const warnings = [
    ...safety.warnings,
    ...toKnow,
    ...[...unmet, ...stuck, ...safety.refused, ...empty].map(wouldRefuse),
    ...(await warningsOfServer(asked, steps)),
  ];
  return { warnings, forecasts: safety.forecasts };
}

/**
 * Warns of a pooler in between, and of work that the server cannot roll back. Few steps and few
 * servers ask for it.
 */
async function warningsOfServer(
  { repo, session }: Asked,
  steps: readonly Step[],
): Promise<readonly Warning[]> {
  const warnings: Warning[] = [];
  if (steps.some(({ transactional }) => !transactional)) {
    const { poolerWarnings } = await import("../pooler.ts");
    warnings.push(...(await poolerWarnings(repo.name, steps, session)));
  }
  if (typeof slipwayWithoutMysql === "undefined" && session.lastingTables !== undefined) {
    const { lastingWarnings } = await import("../lasting-tables.ts");
    warnings.push(...(await lastingWarnings(steps, session)));
  }
  return warnings;
}

/** Most steps go up and do something. */
async function whatToKnow(
  { repo, request }: Asked,
  steps: readonly Step[],
): Promise<{ readonly warnings: readonly Warning[]; readonly refused: readonly ReleaseError[] }> {
  const isUsual = steps.every(
    ({ direction, actions }) =>
      direction === "up" &&
      actions.some((one) => one.of !== "hook" && (one.kind !== "statements" || one.statements[0])),
  );
  if (isUsual) return { warnings: [], refused: [] };
  const { dataGone, emptyAmong } = await import("./to-know.ts");
  const { strict = false } = request.options;
  const { warnings, refused } = emptyAmong(steps, { repo: repo.name, strict });
  return { warnings: [...warnings, ...dataGone(steps)], refused };
}

function safetyInput(asked: Asked, steps: readonly Step[]): Parameters<typeof safetyOf>[0] {
  const { repo, lane, files, source, session, prepare, request } = asked;
  return {
    ...{ files, source, session, prepare, steps },
    repo: repo.name,
    mode: lane.name === "schema" && repo.inUse ? repo.safe : "off",
    startAfter: repo.startAfter,
    ownRules: repo.ownRules,
    strict: request.options.strict ?? false,
    policies: { repo: repo.policy, command: request.options.policy },
  };
}
