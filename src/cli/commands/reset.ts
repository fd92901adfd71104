import { defineCommand } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { flag } from "../flags.ts";
import { onStorage, setUp, setUpText } from "../from-nothing.ts";
import { given } from "../given.ts";
import { notProductionFlag, onlyInDevelopment } from "../only-in-development.ts";
import { repoFlag } from "../run-flags.ts";
import { storageText } from "../storage-text.ts";

/** `reset`: drop and setup in one, for a database of development. */
export const reset = defineCommand({
  flags: {
    repo: repoFlag,
    force: flag("--force", "first end the connections of others"),
    yes: flag("--yes", "do not ask"),
    notProduction: notProductionFlag,
  },
  async run({ flags, context }) {
    const { force, yes, notProduction } = flags;
    const { world } = context;
    const release = await context.release();
    const repos = flags.repo ?? release.repos();
    onlyInDevelopment(release, repos, { command: "reset", world, notProduction });
    if (!yes) {
      const question = `Drop the database of ${repos.join(", ")}, with all that is in it, and make it anew?`;
      await confirmed(question, { command: "reset", world });
    }
    const dropped = await onStorage(repos, (repo) =>
      release.dropStorage({ repo, ...given({ force }) }),
    );
    const done = await setUp(repos, { release, context });
    return { data: { dropped, ...done }, text: `${storageText(dropped)}${setUpText(done)}` };
  },
});
