import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { MigrateOptions, RollbackTarget } from "../../release/options.ts";
import { defineCommand } from "../command.ts";
import { notProductionFlag, onlyInDevelopment } from "../only-in-development.ts";
import { version } from "../parse.ts";
import { runFlags, runOptions, targetFlags, targetOf } from "../run-flags.ts";

/** `redo`: rolls the newest migration back and runs it again, as its file says now. */
export const redo = defineCommand({
  arguments: "[repo]",
  flags: {
    step: targetFlags.step,
    to: targetFlags.to,
    ...runFlags,
    notProduction: notProductionFlag,
  },
  async run({ args, flags, context }) {
    const { world } = context;
    const release = await context.release();
    const repo = args[0] ?? onlyOne(release.repos());
    const given = targetOf(flags);
    const back = Object.keys(given).length === 0 ? { step: 1 } : (given as RollbackTarget);
    onlyInDevelopment(release, [repo], {
      command: "redo",
      world,
      notProduction: flags.notProduction,
    });
    const options = runOptions(flags, world.cwd);
    const down = await release.rollback(repo, back, options);
    const newest = down.migrations[0];
    if (newest === undefined) throw new DevelopmentError("nothing_to_redo", { repo });
    const to = version(newest.version, "VERSION");
    const up = await release.migrate({ ...options, repo, to } as MigrateOptions);
    return { data: { repos: [down, ...up] } };
  },
});

function onlyOne(repos: readonly string[]): string {
  const [first, second] = repos;
  if (first === undefined || second !== undefined)
    throw new ReleaseError("repo_missing", { known: repos, command: "redo" });
  return first;
}
