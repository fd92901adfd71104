/**
 * The words after `check`: versions, migrations of the project by their files, or SQL files outside
 * a release.
 */
import { existsSync, realpathSync, statSync } from "node:fs";
import { resolve, sep } from "node:path";
import { readSqlFiles } from "../../check/read-sql-files.ts";
import type { SqlFile } from "../../check/sql-script.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { type Version, versionFromInput } from "../../core/model/migration.ts";
import type { RepoInventory } from "../../release/inventory.ts";
import { version } from "../parse.ts";
import { laneKey } from "./lane-key.ts";

/** The named migrations and SQL files. */
export type NamedMigrations = {
  /** By the key of the lane: `main`, or `main, tenants`. */
  readonly versions: ReadonlyMap<string, ReadonlySet<Version>>;
  readonly sqlFiles: readonly SqlFile[];
};

/** Whether a word is the path of a file or folder. A number never is. */
export function isPath(word: string, cwd: string): boolean {
  return !/^\d+$/.test(word) && (existsSync(resolve(cwd, word)) || /\.\w+$|[\\/]/.test(word));
}

/**
 * Finds each word in the migrations. A folder means the migrations below it, and the other `.sql`
 * files in it.
 *
 * @throws {ReleaseError} `migration_not_in_release`, `file_unreadable`, `usage_invalid` for a
 * module that is no migration, and for an unknown word
 */
export function findNamed(
  words: readonly string[],
  repos: readonly RepoInventory[],
  { cwd, root }: { readonly cwd: string; readonly root: string },
): NamedMigrations {
  const versions = new Map<string, Set<Version>>(repos.map((repo) => [laneKey(repo), new Set()]));
  const paths = words.filter((word) => isPath(word, cwd));
  const numbers = words.filter((word) => !isPath(word, cwd));
  const neither = numbers.find((word) => !/\d/.test(word));
  if (neither !== undefined) throw nothingHere(neither);
  for (const [repo, found] of namedVersions(numbers, repos))
    for (const one of found) versions.get(repo)?.add(one);
  const origins = repos.flatMap((repo) =>
    repo.migrations.map(({ file }) => ({
      repo: laneKey(repo),
      file,
      path: real(resolve(root, file.origin)),
    })),
  );
  const known = new Set(origins.map(({ path }) => fileKey(path)));
  const rest = paths.filter((word) => {
    const path = real(resolve(cwd, word));
    const below = origins.filter(
      (one) => fileKey(one.path) === fileKey(path) || one.path.startsWith(`${path}${sep}`),
    );
    for (const { repo, file } of below) versions.get(repo)?.add(file.version);
    return below.length === 0 || isFolder(path);
  });
  const [other] = rest.filter(
    (word) => /\.[cm]?[jt]sx?$/.test(word) && existsSync(resolve(cwd, word)),
  );
  if (other !== undefined) throw noMigration(other, repos);
  const sqlFiles = readSqlFiles(rest, cwd).filter(
    ({ name }) => !known.has(fileKey(real(resolve(cwd, name)))),
  );
  return { versions, sqlFiles };
}

/** A version that several repos have counts in each of them. @throws {ReleaseError} `migration_not_in_release` */
export function namedVersions(
  words: readonly string[],
  repos: readonly RepoInventory[],
): ReadonlyMap<string, ReadonlySet<Version>> {
  const wanted = words.map((word) => versionFromInput(version(word, "version")) ?? word);
  const found = new Map(
    repos.map((repo) => {
      const own = repo.migrations
        .filter(({ file }) => wanted.includes(file.version) || wanted.includes(file.id))
        .map(({ file }) => file.version);
      return [laneKey(repo), new Set(own)];
    }),
  );
  const all = repos.flatMap(({ migrations }) => migrations.map(({ file }) => file));
  const unknown = wanted.filter(
    (one) => !all.some((file) => file.version === one || file.id === one),
  );
  if (unknown.length > 0)
    throw new DevelopmentError("migration_not_in_release", { versions: unknown });
  return found;
}

/** Both halves of a migration have one. */
function fileKey(path: string): string {
  return path.replace(/(^|[./\\])(?:up|down)\.sql$/, "$1*.sql");
}

function nothingHere(word: string): ReleaseError {
  return new ReleaseError("usage_invalid", {
    reason: `${word} is no version, and there is no such file or folder`,
    hint: "Name a version such as 20210718153339, a file of SQL or a folder with some.",
  });
}

function noMigration(word: string, repos: readonly RepoInventory[]): ReleaseError {
  const names = [...new Set(repos.map(({ repo }) => repo))].join(", ");
  return new ReleaseError("usage_invalid", {
    reason: `${word} is no migration of repo ${names}, and not SQL, so it cannot be judged`,
    hint: "Name a migration of the release, or a file of SQL.",
  });
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
