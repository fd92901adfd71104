import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { name, version } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/**
 * `mark REPO VERSION done|again|anew|applied|pending`: records the state that somebody has seen.
 * Runs nothing.
 */
export const mark = defineCommand({
  arguments: "[repo] [version] [as]",
  flags: {
    reason: value("--reason <text>", "with applied and pending: the reason, for the history", name),
    prefix: placeFlags.prefix,
    data: flag("--data", "mark a data migration"),
  },
  async run({ args, flags, context }) {
    const [repo, text, as] = args;
    const release = await context.release();
    if (repo === undefined)
      throw new ReleaseError("repo_missing", { known: release.repos(), command: "mark" });
    if (text === undefined) throw new ReleaseError("version_missing", { repo, command: "mark" });
    const { reason, ...place } = flags;
    const marked = version(text, "VERSION");
    await release.mark(repo, marked, { ...wordOf(as, reason), ...given(place) });
    return {
      data: { repo, version: String(marked), as, ...given({ reason }) },
      text: `${repo} ${marked}: marked, ${as}\n`,
    };
  },
});

function wordOf(as: string | undefined, reason: string | undefined) {
  switch (as) {
    case "done":
    case "again":
    case "anew":
      return { as } as const;
    case "applied":
    case "pending":
      if (reason !== undefined) return { as, reason } as const;
      throw new ReleaseError("option_invalid", {
        option: "--reason",
        value: "nothing",
        expected: "a sentence that says why",
      });
    default:
      throw new ReleaseError("option_invalid", {
        option: "the third word",
        value: as === undefined ? "nothing" : JSON.stringify(as),
        expected: "done, again, anew, applied or pending",
      });
  }
}
