import { existsSync } from "node:fs";
import { join } from "node:path";
import { githubFiles } from "../../deploy/github.ts";
import { defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { packageManagerOf, projectRoot } from "../generate/project-facts.ts";
import { majorFrom } from "../generate/values.ts";
import { generatedFlags, writeGenerated } from "../generate/write-generated.ts";

const manifests = ["ts", "mts", "mjs", "js"].map((ending) => `db/manifest.${ending}`);

/** `gen github`: writes a workflow that checks the migrations of a change. */
export const genGithub = defineCommand({
  flags: {
    postgres: value(
      "--postgres <major>",
      "the PostgreSQL that it migrates; default 18",
      majorFrom(12),
    ),
    node: value("--node <major>", "the Node that it runs on; default 24", majorFrom(22)),
    ...generatedFlags,
  },
  async run({ flags, context }) {
    const root = projectRoot(context);
    const files = githubFiles({
      packageManager: packageManagerOf(root),
      node: flags.node ?? "24",
      postgres: flags.postgres ?? "18",
      manifest: manifests.find((file) => existsSync(join(root, file))),
    });
    return writeGenerated(files, { flags, context, folder: "." });
  },
});
