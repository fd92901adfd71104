import { defineCommand } from "../command.ts";
import { given } from "../given.ts";
import { repoFlag } from "../run-flags.ts";
import { storageText } from "../storage-text.ts";

/** `create`: makes the databases that are not there yet. */
export const create = defineCommand({
  flags: { repo: repoFlag },
  async run({ flags, context }) {
    const release = await context.release();
    const repos = await release.createStorage(given({ repo: flags.repo }));
    return { data: { repos }, text: storageText(repos) };
  },
});
