import { existsSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import { type DockerFacts, dockerFiles } from "../../deploy/docker.ts";
import { defineCommand } from "../command.ts";
import { type FlagValues, value } from "../flags.ts";
import { packageManagerOf, projectRoot, releaseApp } from "../generate/project-facts.ts";
import { majorFrom, plainPath, port } from "../generate/values.ts";
import { generatedFlags, writeGenerated } from "../generate/write-generated.ts";

type Entry = DockerFacts["entry"];

const dockerFlags = {
  app: value("--app <file>", "the module that starts the app; Slipway bundles it", plainPath),
  appDir: value(
    "--app-dir <folder>",
    "the app as npm run build writes it; Slipway copies it",
    plainPath,
  ),
  node: value("--node <major>", "the Node of the image; default 24", majorFrom(22)),
  port: value("--port <n>", "where the app listens; default 3000", port),
  ...generatedFlags,
};

/** `gen docker`: writes a Dockerfile and the list of files that Docker must not see. */
export const genDocker = defineCommand({
  flags: dockerFlags,
  async run({ flags, context }) {
    const app = await releaseApp(context);
    const root = projectRoot(context);
    const files = dockerFiles({
      app,
      packageManager: packageManagerOf(root),
      entry: entryOf(flags, root),
      node: flags.node ?? "24",
      port: flags.port ?? 3000,
    });
    return writeGenerated(files, { flags, context, folder: "." });
  },
});

/**
 * With a folder, the file is one inside of it, which only the build makes.
 *
 * @throws {ReleaseError} `app_unusable` for a source that is not there
 */
function entryOf({ app, appDir }: FlagValues<typeof dockerFlags>, root: string): Entry {
  if (appDir !== undefined) return { kind: "folder", path: appDir, file: app };
  if (app === undefined || existsSync(join(root, app))) {
    return app === undefined ? undefined : { kind: "source", path: app };
  }
  throw new ReleaseError("app_unusable", {
    reason: `there is no ${app} in the project`,
    hint: "Give its path from the folder of package.json on.",
  });
}
