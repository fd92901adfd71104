/** The facts that a generator reads from the files of a project. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
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

/** By its lockfile, which a monorepo has in a folder above; npm when there is none. */
export function packageManagerOf(root: string): PackageManager {
  for (const folder of upToRepository(root))
    for (const [file, manager] of lockfiles) if (existsSync(join(folder, file))) return manager;
  return "npm";
}

const lockfiles = [
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["package-lock.json", "npm"],
] as const;

/** The folder of the repository that a project is in; outside of git the project itself. */
export function repositoryOf(root: string): string {
  return upToRepository(root).at(-1) ?? root;
}

/** The project and the folders above it, as far as its repository; outside of git the project alone. */
function upToRepository(root: string): readonly string[] {
  const folders = [root];
  for (let at = root; !existsSync(join(at, ".git")); at = dirname(at)) {
    if (dirname(at) === at) return [root];
    folders.push(dirname(at));
  }
  return folders;
}
