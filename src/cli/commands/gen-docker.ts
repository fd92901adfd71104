import { ReleaseError } from "../../core/errors.ts";
import { type DockerFacts, dockerFiles } from "../../deploy/docker.ts";
import { defineCommand } from "../command.ts";
import { type FlagValues, value } from "../flags.ts";
import { packageManagerOf, projectRoot } from "../generate/project-facts.ts";
import { majorFrom, plainPath, port } from "../generate/values.ts";
import { generatedFlags, writeGenerated } from "../generate/write-generated.ts";

const dockerFlags = {
  app: value("--app <file>", "the app's entry, which the release bundles", plainPath),
  appDir: value("--app-dir <folder>", "the app as npm run build makes it", plainPath),
  node: value("--node <major>", "the Node of the image; default 24", majorFrom(22)),
  port: value("--port <n>", "where the app listens; default 3000", port),
  ...generatedFlags,
};

/** `gen docker`: writes a Dockerfile and what Docker is not to see. */
export const genDocker = defineCommand({
  flags: dockerFlags,
  async run({ flags, context }) {
    const { app } = await context.release();
    const files = dockerFiles({
      app,
      packageManager: packageManagerOf(projectRoot(context)),
      entry: entryOf(flags),
      node: flags.node ?? "24",
      port: flags.port ?? 3000,
    });
    return writeGenerated(files, { flags, context, folder: "." });
  },
});

/** @throws {ReleaseError} `targets_conflict` for both */
function entryOf({ app, appDir }: FlagValues<typeof dockerFlags>): DockerFacts["entry"] {
  if (app !== undefined && appDir !== undefined) {
    throw new ReleaseError("targets_conflict", { given: ["--app", "--app-dir"] });
  }
  if (app !== undefined) return { kind: "source", path: app };
  return appDir === undefined ? undefined : { kind: "folder", path: appDir };
}
