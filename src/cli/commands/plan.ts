import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { planText } from "../plan-text.ts";
import { rolloutText } from "../rollout-text.ts";
import { phaseFlag, placeFlags, repoFlag, runFlags, targetFlags } from "../run-flags.ts";
import { migrateOptions } from "./migrate.ts";

/** `plan`: shows what `migrate` would do, and how to deploy around it. Takes no lock and writes nothing. */
export const plan = defineCommand({
  flags: {
    repo: repoFlag,
    ...targetFlags,
    ...placeFlags,
    phase: phaseFlag,
    strictVersionOrder: runFlags.strictVersionOrder,
    strict: runFlags.strict,
    data: flag("--data", "data migrations"),
  },
  async run({ flags, context }) {
    const release = await context.release();
    const options = migrateOptions(flags, context);
    const repos = await release.plan({ ...options, data: flags.data === true });
    return { data: { repos }, text: planText(repos) + rolloutText(repos) };
  },
});
