import { ReleaseError } from "../../core/errors.ts";
import { defineCommand } from "../command.ts";
import { flag } from "../flags.ts";
import { given } from "../given.ts";
import { version } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/** `mark REPO VERSION done|again|anew`: settles what an interrupted run left in doubt or half done. */
export const mark = defineCommand({
  arguments: "[repo] [version] [as]",
  flags: { prefix: placeFlags.prefix, data: flag("--data", "of the data migrations") },
  async run({ args, flags, context }) {
    const [repo, text, as] = args;
    const release = await context.release();
    if (repo === undefined) throw new ReleaseError("repo_missing", { known: release.repos() });
    if (text === undefined) throw new ReleaseError("version_missing", { repo });
    if (as !== "done" && as !== "again" && as !== "anew") {
      const value = as === undefined ? "nothing" : JSON.stringify(as);
      throw new ReleaseError("option_invalid", {
        option: "the third word",
        value,
        expected: "done, again or anew",
      });
    }
    const { prefix, data } = flags;
    const marked = version(text, "VERSION");
    await release.mark(repo, marked, { as, ...given({ prefix, data }) });
    return {
      data: { repo, version: String(marked), as },
      text: `${repo} ${marked}: marked, ${as}\n`,
    };
  },
});
