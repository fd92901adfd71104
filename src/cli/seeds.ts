/** Finds the seeds of repos, and runs them. */
import { existsSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import { isReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { importFile } from "../engine/discovery/import-file.ts";
import type { Release } from "../release/release.ts";
import type { Seeds } from "../release/seed.ts";
import type { CommandContext } from "./command.ts";
import { findProject } from "./find-release.ts";

const endings = ["ts", "mts", "js", "mjs"];

/** The seeds that ran for a repo. */
export type Seeded = { readonly repo: string; readonly file: string };

/** The seeds of a repo: `db/<repo>/seeds.ts`, absolute and as the user sees it. */
export type SeedsFile = Seeded & { readonly path: string };

/** Those of the repos that have any. */
export function findSeeds(repos: readonly string[], context: CommandContext): readonly SeedsFile[] {
  const { root } = projectOf(context);
  return repos.flatMap((repo) => {
    const paths = endings.map((ending) => join(root, "db", repo, `seeds.${ending}`));
    const path = paths.find((one) => existsSync(one));
    return path === undefined ? [] : [seedsFile(repo, path, context)];
  });
}

/** The seeds at a path that the user names. */
export function seedsAt(repo: string, path: string, context: CommandContext): SeedsFile {
  return seedsFile(repo, resolve(context.world.cwd, path), context);
}

/** The places where Slipway looks for seeds, in words. */
export function seedsLooked(repos: readonly string[]): readonly string[] {
  return repos.map((repo) => `db/${repo}/seeds.{${endings.join(",")}}`);
}

/**
 * Runs the default export of each file, in one transaction of its repo; a file without one runs
 * while it is imported.
 *
 * @throws {ReleaseError} `seeds_failed`; `connection_failed`, `interrupted`
 */
export async function runSeedsFiles(
  files: readonly SeedsFile[],
  { release, context }: { readonly release: Release; readonly context: CommandContext },
): Promise<readonly Seeded[]> {
  const { root } = projectOf(context);
  for (const { repo, file, path } of files) {
    try {
      const { default: seeds } = (await importFile(path, root)) as { readonly default?: unknown };
      if (typeof seeds === "function") await release.seed(repo, seeds as Seeds);
    } catch (error) {
      if (isReleaseError(error)) throw error;
      const details = { repo, path: file, reason: messageOf(error) };
      throw new DevelopmentError("seeds_failed", details, { cause: error });
    }
  }
  return files.map(({ repo, file }) => ({ repo, file }));
}

/** A line for each. */
export function seedsText(seeded: readonly Seeded[]): string {
  return seeded.map(({ repo, file }) => `${repo} has been filled by ${file}\n`).join("");
}

function seedsFile(repo: string, path: string, { world }: CommandContext): SeedsFile {
  return { repo, path, file: relative(world.cwd, path) };
}

function projectOf({ world, releasePath }: CommandContext) {
  return findProject({ cwd: world.cwd, path: releasePath });
}
