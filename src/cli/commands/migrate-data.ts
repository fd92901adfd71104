import { ReleaseError } from "../../core/model/errors.ts";
import { inputFromDigits } from "../../core/model/migration.ts";
import { isBackfillStep } from "../../release/is-backfill-step.ts";
import type { MigrateDataOptions } from "../../release/options.ts";
import type { RepoPlan } from "../../release/repo-plan.ts";
import { rehearsalText } from "../backfill-text.ts";
import { type CommandContext, defineCommand, type Ending } from "../command.ts";
import { value } from "../flags.ts";
import { tenantDataFlags } from "../fleet-flags.ts";
import { given } from "../given.ts";
import { count } from "../parse.ts";
import { planText } from "../plan-text.ts";
import { sliceFlags } from "../slice-flags.ts";
import { forwardFlags, migrateOptions } from "./migrate.ts";

/** `migrate-data`: runs pending data migrations; a backfill continues where it stopped. */
export const migrateData = defineCommand({
  flags: {
    ...forwardFlags,
    ...sliceFlags,
    ...tenantDataFlags,
    sample: value("--sample <n>", "with --dry-run: try this many batches of a backfill", count),
  },
  async run({ flags, context }) {
    const { sample = 1, acceptChanged } = flags;
    const options = {
      ...migrateOptions(flags, context),
      ...given({ forMs: flags.for, acceptChanged }),
    };
    if (flags.sample !== undefined && !flags.dryRun)
      throw new ReleaseError("usage_invalid", {
        reason: "--sample needs --dry-run",
        hint: "Add --dry-run.",
      });
    if (flags.dryRun) return rehearse(options as MigrateDataOptions, sample, context);
    const release = await context.release();
    const repos = await release.migrateData(options as MigrateDataOptions);
    return { data: { repos } };
  },
});

/** The plan; and of each backfill in it some batches, which are rolled back. */
async function rehearse(
  { forMs: _, acceptChanged: __, ...options }: MigrateDataOptions,
  sample: number,
  context: CommandContext,
): Promise<Ending> {
  const release = await context.release();
  const repos = await release.plan({ ...options, data: true });
  const quiet = release.using({ emit: () => undefined });
  const rehearsals: unknown[] = [];
  const text: string[] = [];
  for (const repo of repos) {
    text.push(planText([repo]));
    for (const { version, name } of backfillsIn(repo)) {
      const place = { repo: repo.repo, sample, ...given({ prefix: options.prefix }) };
      const rehearsal = await quiet.backfills.rehearse(version, place);
      rehearsals.push({ version: String(version), name, ...rehearsal });
      text.push(`\n  ${version} ${name}, for real and rolled back:\n${rehearsalText(rehearsal)}`);
    }
  }
  return { data: { repos, rehearsals }, text: text.join("") };
}

function backfillsIn({ steps }: RepoPlan) {
  return steps
    .filter(isBackfillStep)
    .filter(({ backfill }) => backfill.mode.kind !== "effect")
    .map(({ file }) => ({ version: inputFromDigits(file.version), name: file.name }));
}
