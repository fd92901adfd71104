import { defineCommand } from "../command.ts";
import { confirmed } from "../confirmed.ts";
import { flag } from "../flags.ts";
import { given } from "../given.ts";
import { repoFlag } from "../run-flags.ts";
import { storageText } from "../storage-text.ts";

/** `drop`: removes the databases with all that is in them. */
export const drop = defineCommand({
  flags: {
    repo: repoFlag,
    force: flag("--force", "first end the connections of others"),
    yes: flag("--yes", "do not ask"),
  },
  async run({ flags, context }) {
    const { repo, force, yes } = flags;
    const release = await context.release();
    const names = (repo ?? release.repos()).join(", ");
    if (!yes) {
      await confirmed(`Drop the database of ${names}, with all that is in it?`, {
        command: "drop",
        world: context.world,
      });
    }
    const repos = await release.dropStorage(given({ repo, force }));
    return { data: { repos }, text: storageText(repos) };
  },
});
