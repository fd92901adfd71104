import { named } from "../../core/model/errors/words.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { defineCommand } from "../command.ts";
import { flag, value } from "../flags.ts";
import { given } from "../given.ts";
import { name, version } from "../parse.ts";
import { placeFlags } from "../run-flags.ts";

/** `baseline [REPO] --at VERSION`: says of a database without a history that it has all up to a version. */
export const baseline = defineCommand({
  arguments: "[repo]",
  flags: {
    at: value("--at <version>", "the newest migration that the database has", version),
    reason: value("--reason <text>", "the reason, for the history", name),
    prefix: placeFlags.prefix,
    data: flag("--data", "baseline the data migrations"),
  },
  async run({ args, flags, context }) {
    const release = await context.release();
    const known = release.repos();
    const [repo = known.length === 1 ? known[0] : undefined] = args;
    if (repo === undefined) throw new ReleaseError("repo_missing", { known, command: "baseline" });
    const { at, reason, prefix, data } = flags;
    if (at === undefined)
      throw new ReleaseError("version_missing", { repo, command: "baseline --at" });
    const counted = await release.baseline(repo, { at, ...given({ reason, prefix, data }) });
    const lines = counted.map((one) => `  up    ${named(one.version, one.name)}`);
    const text = `${repo}: ${counted.length} count as applied, none was run\n`;
    return { data: { repo, at: String(at), counted }, text: [text, ...lines, ""].join("\n") };
  },
});
