/** The plan of a run. */
import type { Warning } from "../core/model/warnings.ts";
import type { Rollout } from "../core/plan/rollout.ts";
import type { Step } from "../core/plan/step.ts";
import type { TenantsPlan } from "./tenants/tenants-plan.ts";

/** The plan for one repo. All but the functions of `m.run` is plain data. */
export type RepoPlan = {
  readonly repo: string;
  readonly direction: "up" | "down";
  readonly steps: readonly Step[];
  readonly warnings: readonly Warning[];
  /** The same in the order of a deploy, with reasons. Only of schema migrations going up. */
  readonly rollout?: Rollout;
  /** The plan for the tenants, where the repo is many. */
  readonly tenants?: TenantsPlan;
};
