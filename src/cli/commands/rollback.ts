import { ReleaseError } from "../../core/model/errors.ts";
import type { VersionInput } from "../../core/model/migration.ts";
import type { RollbackOptions, RollbackTarget } from "../../release/options.ts";
import type { Release } from "../../release/release.ts";
import { type CommandContext, type CommandInput, defineCommand } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { flag } from "../flags.ts";
import { tenantsBack, tenantsBackFlags } from "../fleet-flags.ts";
import { given } from "../given.ts";
import { version } from "../parse.ts";
import { planText } from "../plan-text.ts";
import { namesOf, runFlags, runOptions, targetFlags, targetOf } from "../run-flags.ts";

const rollbackFlags = {
  ...targetFlags,
  ...runFlags,
  data: flag("--data", "roll back data migrations"),
  fromFiles: flag("--from-files", "undo what the files say now, even if something else ran"),
  ...tenantsBackFlags,
  yes: flag("--yes", "do not ask"),
};

/** `rollback`: rolls one repo back to a version that is named; in development also by steps. */
export const rollback = defineCommand({
  arguments: "[repo] [version]",
  flags: rollbackFlags,
  async run(input) {
    const { context, flags, args } = input;
    const [repo] = args;
    const target = targetFrom(input);
    const options = {
      ...runOptions(flags, context.world.cwd),
      ...given({ fromFiles: flags.fromFiles }),
      ...tenantsBack(flags),
      data: flags.data === true,
    };
    const release = await context.release();
    // A version without a repo would be taken for the name of one.
    if (repo === undefined || (/^\d+$/.test(repo) && !release.repos().includes(repo)))
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "rollback" });
    if (target === undefined)
      throw new ReleaseError("version_missing", { repo, command: "rollback" });
    if (!flags.yes) await ask(release, { repo, target, options }, context);
    return { data: { repos: [await release.rollback(repo, target, options)] } };
  },
});

/** @throws {ReleaseError} `targets_conflict` for a version and a flag, or two flags; `usage_invalid` for a flag in a release */
function targetFrom(
  input: CommandInput<typeof rollbackFlags>,
): VersionInput | RollbackTarget | undefined {
  const [, text] = input.args;
  const target = targetOf(input.flags);
  const [named] = namesOf(target);
  if (text === undefined) {
    if (named === undefined) return undefined;
    if (!input.context.built) return target as RollbackTarget;
    throw new ReleaseError("usage_invalid", {
      reason: `rollback in a release takes a version, not ${named}`,
      hint: "What a step means depends on the last run. Look the version up with slipway status. Slipway also rolls back the version that you name.",
    });
  }
  if (named === undefined) return version(text, "VERSION");
  throw new ReleaseError("targets_conflict", { given: ["VERSION", named] });
}

type Wanted = {
  readonly repo: string;
  readonly target: VersionInput | RollbackTarget;
  readonly options: RollbackOptions;
};

/** Shows the migrations to undo and asks, if somebody can answer. */
async function ask(release: Release, wanted: Wanted, { world }: CommandContext): Promise<void> {
  if (world.confirm === undefined) return;
  const { repo, target, options } = wanted;
  const { tenants } = options;
  if (tenants !== undefined) {
    const whose = tenants === "all" ? "every tenant" : tenants.join(", ");
    return confirmed(`Roll migrations of ${repo} back for ${whose}?`, {
      command: "rollback",
      world,
    });
  }
  const quietly = release.using({ emit: () => undefined });
  const plan = await quietly.planRollback(repo, target, options);
  if (plan.steps.length === 0) return;
  world.tell(planText([plan]));
  for (const { code, message } of plan.warnings)
    if (code === "data_gone") world.tell(`warning: ${message}\n`);
  const count =
    plan.steps.length === 1 ? "this migration" : `these ${plan.steps.length} migrations`;
  await confirmed(`Roll ${count} of ${repo} back?`, { command: "rollback", world });
}
