/** What the files of a project tell a generator. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { PackageManager } from "../../deploy/docker.ts";
import type { CommandContext } from "../command.ts";
import { findProject } from "../find-release.ts";

/** The folder of the project. */
export function projectRoot({ world, releasePath }: CommandContext): string {
  return findProject({ cwd: world.cwd, path: releasePath }).root;
}

/** By its lockfile; npm when there is none. */
export function packageManagerOf(root: string): PackageManager {
  if (existsSync(join(root, "pnpm-lock.yaml"))) return "pnpm";
  return existsSync(join(root, "yarn.lock")) ? "yarn" : "npm";
}
