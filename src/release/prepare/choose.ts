/** Plans: which migrations run, in which order. */
import { refuse } from "../../core/model/errors.ts";
import { type Plan, plan } from "../../core/plan/plan.ts";
import { overtakingIn, phasesOf } from "../phases.ts";
import type { Asked } from "./asked.ts";
import type { RanMigrations } from "./read.ts";

/** @throws {ReleaseError} what `plan` throws; `phase_overtaken` */
export async function choose(asked: Asked, { applied, earlier }: RanMigrations): Promise<Plan> {
  const { repo, files, request } = asked;
  const { target, options, phase } = request;
  const input = { ...asked, applied };
  const phases = target.direction === "up" ? await phasesOf(files, { phase }, input) : undefined;
  const strictVersionOrder = options.strictVersionOrder ?? repo.strictVersionOrder;
  const order = { target, strictVersionOrder, phase, phases, earlier };
  const chosen = plan({ repo: repo.name, files, applied, ...order });
  refuse(await overtakingIn(chosen, input));
  return chosen;
}
