import { ReleaseError } from "../../core/model/errors.ts";
import { ecto } from "../../histories/ecto.ts";
import { histories } from "../../histories/index.ts";
import { doubtKinds } from "../../histories/match.ts";
import { adoptText, backText } from "../adopt-text.ts";
import { defineCommand } from "../command.ts";
import { findProject } from "../find-release.ts";
import { flag, value, values } from "../flags.ts";
import { given } from "../given.ts";
import { name, oneOf } from "../parse.ts";
import { saidStartAfter } from "../start-after.ts";

const tools = histories.map(({ tool }) => tool);

/**
 * `adopt [REPO]`: records the migrations that have run by another tool's history. Runs no
 * migration.
 */
export const adopt = defineCommand({
  arguments: "[repo]",
  flags: {
    from: value(
      "--from <tool>",
      "the tool, if there is more than one history",
      oneOf([...tools, ecto.tool]),
    ),
    table: value("--table <name>", "the table of its history, if it has another name", name),
    tenants: flag("--tenants", "adopt the histories in the schemas of tenants"),
    dryRun: flag("--dry-run", "show what matches, and record nothing"),
    back: flag("--back", "write the other tool's history, to go back to that tool"),
    accept: values("--accept <kind>", "answer for a kind of doubt", oneOf(doubtKinds)),
  },
  async run({ args, flags, context }) {
    const release = await context.release();
    const known = release.repos();
    const [repo = known.length === 1 ? known[0] : undefined] = args;
    if (repo === undefined) throw new ReleaseError("repo_missing", { known, command: "adopt" });
    const { from, table, tenants, dryRun, accept, back } = flags;
    if (back === true) {
      const went = await release.adoptBack(repo, given({ from, table, dryRun }));
      return { data: went, text: backText(went, { dryRun: dryRun === true }) };
    }
    const adoption = await release.adopt(repo, given({ from, table, tenants, dryRun, accept }));
    const isDry = dryRun === true;
    const { world, releasePath: path } = context;
    const project = findProject({ cwd: world.cwd, path });
    const startAfter = saidStartAfter(adoption, { project, cwd: world.cwd, mayWrite: !isDry });
    return { data: adoption, text: adoptText(adoption, { dryRun: isDry, startAfter }) };
  },
});
