/** Judges what is to run: beside an application in use, by what it requires, and behind this connection. */
import { refuse } from "../../core/model/errors.ts";
import type { Plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import { lastingWarnings } from "../lasting-tables.ts";
import { overtakingLater } from "../phases.ts";
import { poolerWarnings } from "../pooler.ts";
import { unmetRequirements } from "../requirements.ts";
import { type Safety, safetyOf } from "../safety.ts";
import { wouldRefuse } from "../would-refuse.ts";
import type { Asked } from "./asked.ts";
import type { RanMigrations } from "./read.ts";
import { dataGone, emptyAmong } from "./to-know.ts";

/** Is there in a built release only, when no repo has such a database: no other has tables that cannot roll back. */
declare const slipwayWithoutMysql: true | undefined;

export type Judgements = Pick<Safety, "warnings" | "forecasts">;

/** What is to be told about the steps. @throws {ReleaseError} `unsafe`, `certain_to_fail`, `migration_empty`, `data_missing`, `direct_url_needed` */
export async function judge(
  asked: Asked,
  { applied }: RanMigrations,
  plan: Plan,
  steps: readonly Step[],
): Promise<Judgements> {
  const { repo, session, isLook } = asked;
  const safety = await safetyOf(safetyInput(asked, steps));
  const { prefix } = asked.request.options;
  const unmet = await unmetRequirements(steps, { repo, session, prefix, root: asked.root });
  const { strict = false } = asked.request.options;
  const empty = emptyAmong(steps, { repo: repo.name, strict });
  if (!isLook) refuse([...safety.refused, ...unmet, ...empty.refused]);
  const stuck = isLook ? await overtakingLater(plan, steps, { ...asked, applied }) : [];
  const warnings = [
    ...safety.warnings,
    ...empty.warnings,
    ...dataGone(steps),
    ...[...unmet, ...stuck, ...safety.refused, ...empty.refused].map(wouldRefuse),
    ...(await poolerWarnings(repo.name, steps, session)),
    ...(typeof slipwayWithoutMysql === "undefined" ? await lastingWarnings(steps, session) : []),
  ];
  return { warnings, forecasts: safety.forecasts };
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
