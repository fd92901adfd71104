/** What the files of a project tell a generator. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ReleaseError } from "../../core/model/errors.ts";
import type { PackageManager } from "../../deploy/docker.ts";
import type { CommandContext } from "../command.ts";
import { findProject } from "../find-release.ts";

/** The folder of the project. */
export function projectRoot({ world, releasePath }: CommandContext): string {
  return findProject({ cwd: world.cwd, path: releasePath }).root;
}

/**
 * The name of the release, which is that of its launcher.
 *
 * @throws {ReleaseError} `usage_invalid` for one that is several words to a shell
 */
export async function releaseApp(context: CommandContext): Promise<string> {
  const { app } = await context.release();
  if (/^[\w.-]+$/.test(app)) return app;
  throw new ReleaseError("usage_invalid", {
    reason: `the release is called ${JSON.stringify(app)}, and a platform cannot start bin/${app}`,
    hint: "Give defineRelease an app of letters, digits, _, . and -, such as my_app.",
  });
}

/** By its lockfile; npm when there is none. */
export function packageManagerOf(root: string): PackageManager {
  if (existsSync(join(root, "pnpm-lock.yaml"))) return "pnpm";
  return existsSync(join(root, "yarn.lock")) ? "yarn" : "npm";
}
