import type { MigrateOptions } from "../../release/options.ts";
import { type CommandContext, defineCommand } from "../command.ts";
import { type FlagValues, flag } from "../flags.ts";
import { fleetFlags, fleetOptions } from "../fleet-flags.ts";
import { given } from "../given.ts";
import { phaseFlag, repoFlag, runFlags, runOptions, targetFlags, targetOf } from "../run-flags.ts";

/** The flags of everything that runs migrations forward. */
export const forwardFlags = {
  repo: repoFlag,
  ...targetFlags,
  ...runFlags,
  dryRun: flag("--dry-run", "print the plan and do nothing"),
};

const migrateFlags = { ...forwardFlags, phase: phaseFlag, ...fleetFlags };

/** `migrate`: runs pending migrations. Default: all of them on every repo. */
export const migrate = defineCommand({
  flags: migrateFlags,
  async run({ flags, context }) {
    const options = migrateOptions(flags, context);
    const release = await context.release();
    if (flags.dryRun) {
      const repos = await release.plan(options);
      const { planText } = await import("../plan-text.ts");
      return { data: { repos }, text: planText(repos) };
    }
    return { data: { repos: await release.migrate(options) } };
  },
});

/** The options of a release's `migrate`. @throws {ReleaseError} `targets_conflict` */
export function migrateOptions(
  flags: Partial<FlagValues<typeof migrateFlags>>,
  { world }: CommandContext,
): MigrateOptions {
  const options = {
    ...targetOf(flags),
    ...runOptions(flags, world.cwd),
    ...given({ repo: flags.repo, phase: flags.phase }),
    ...fleetOptions(flags),
  };
  // One target at most is among them: the union of targets cannot be followed through the spread.
  return options as MigrateOptions;
}
