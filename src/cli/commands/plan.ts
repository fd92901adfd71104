import type { Release } from "../../release/release.ts";
import type { RepoPlan } from "../../release/repo-plan.ts";
import { asMarkdown, formatFlag } from "../as-markdown.ts";
import { type CommandInput, defineCommand, type Ending } from "../command.ts";
import { flag } from "../flags.ts";
import { fleetFlags } from "../fleet-flags.ts";
import { planText } from "../plan-text.ts";
import { rolloutText } from "../rollout-text.ts";
import { phaseFlag, placeFlags, repoFlag, runFlags, targetFlags } from "../run-flags.ts";
import { shadowPlaceFlags, shadowSqlOf } from "../shadow-flags.ts";
import { migrateOptions } from "./migrate.ts";

const planFlags = {
  repo: repoFlag,
  ...targetFlags,
  ...placeFlags,
  phase: phaseFlag,
  strictVersionOrder: runFlags.strictVersionOrder,
  strict: runFlags.strict,
  data: flag("--data", "plan data migrations"),
  format: formatFlag,
  tenant: fleetFlags.tenant,
  tenantsOnly: fleetFlags.tenantsOnly,
  retryQuarantined: fleetFlags.retryQuarantined,
  trace: flag("--trace", "run your code on a scratch database, and show its SQL"),
  ...shadowPlaceFlags,
};

/**
 * `plan`: shows the work of a `migrate`, and how to deploy around it. Takes no lock and writes
 * nothing.
 */
export const plan = defineCommand({
  flags: planFlags,
  async run({ flags, context }) {
    const release = await context.release();
    const options = migrateOptions(flags, context);
    const planned = await release.plan({ ...options, data: flags.data === true });
    const repos =
      flags.trace === true ? await traced(release, planned, { flags, context }) : planned;
    const ending: Ending = {
      data: { repos },
      text: planText(repos) + rolloutText(repos),
      painted: async (text) => (await import("../painted/plan.ts")).paintedPlan(text),
    };
    return asMarkdown(ending, { format: flags.format, context }, async () =>
      (await import("../plan-markdown.ts")).planMarkdown(repos),
    );
  },
});

async function traced(
  release: Release,
  planned: readonly RepoPlan[],
  { flags, context }: Pick<CommandInput<typeof planFlags>, "flags" | "context">,
): Promise<readonly RepoPlan[]> {
  const { tracedPlans } = await import("../plan-trace.ts");
  const shadow = { url: flags.shadow, sql: await shadowSqlOf(flags.shadowSql, context) };
  return tracedPlans(release, planned, { shadow, tell: context.world.tell });
}
