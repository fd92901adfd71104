import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { tenantFlag } from "../fleet-flags.ts";
import { given } from "../given.ts";
import { historyText } from "../history-text.ts";
import { count, name } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/** `history [REPO]`: shows who did what to the migrations, failures included. Takes no lock and writes nothing. */
export const history = defineCommand({
  arguments: "[repo]",
  flags: {
    repo: value("-r, --repo <name>", "the same as the argument", name),
    ...tenantFlag,
    limit: value("-n, --limit <n>", "show this many events of each repo, default 20", count),
    prefix: placeFlags.prefix,
  },
  async run({ args, flags, context }) {
    const { limit, prefix, tenant } = flags;
    const [repo = flags.repo] = args;
    const release = await context.release();
    const repos = await release.history(given({ repo, tenant, limit, prefix }));
    return { data: { repos }, text: repos.map(historyText).join("") };
  },
});
