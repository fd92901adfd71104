/** The commands for platforms that build the Dockerfile: they differ in the file that they write. */
import type { GeneratedFile } from "../../deploy/generated-file.ts";
import { label } from "../../deploy/label.ts";
import type { PlatformFacts } from "../../deploy/platform-facts.ts";
import { type Command, defineCommand } from "../command.ts";
import { value } from "../flags.ts";
import { releaseApp } from "./project-facts.ts";
import { port } from "./values.ts";
import { generatedFlags, writeGenerated } from "./write-generated.ts";

/** A command that writes the files that `files` makes from the release's name and a port. */
export function platformCommand(
  files: (facts: PlatformFacts) => readonly GeneratedFile[],
): Command {
  return defineCommand({
    flags: {
      port: value("--port <n>", "where the app listens; default 3000", port),
      ...generatedFlags,
    },
    async run({ flags, context }) {
      const app = await releaseApp(context);
      const made = files({ app, name: label(app), port: flags.port ?? 3000 });
      return writeGenerated(made, { flags, context, folder: "." });
    },
  }) as Command;
}
