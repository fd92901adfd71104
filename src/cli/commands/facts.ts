import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { given } from "../given.ts";
import { name } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/**
 * `facts [REPO]`: prints facts about the databases, as JSON. Takes no lock, writes nothing and
 * reads no row of a table.
 */
export const facts = defineCommand({
  arguments: "[repo]",
  flags: {
    repo: value("-r, --repo <name>", "the same as the argument", name),
    prefix: placeFlags.prefix,
  },
  async run({ args, flags, context }) {
    const [repo = flags.repo] = args;
    const release = await context.release();
    const data = await release.facts(given({ repo, prefix: flags.prefix }));
    return { data, text: `${JSON.stringify(data, undefined, 2)}\n` };
  },
});
