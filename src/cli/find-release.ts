/** Finds the user's release file on disk, and imports it. */
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { naming } from "../build/whole-file.ts";
import { everydayErrors } from "../core/model/errors/everyday.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { textFromBytes } from "../core/model/text-from-bytes.ts";
import { importFile } from "../engine/discovery/import-file.ts";
import { importReason } from "../engine/discovery/unloadable.ts";
import type { Release } from "../release/release.ts";
import { loadEnvFile } from "./env-file.ts";
import { workspaceFolders } from "./workspace.ts";

const endings = ["ts", "mts", "js", "mjs"];
const places = ["release", join("src", "release")];

/** Where the project is, and where its release file, if it has one. */
export type Project = {
  /** The folder of the nearest package.json; without one the release file's, or else the working folder. */
  readonly root: string;
  readonly releaseFile: string | undefined;
  /** The places where Slipway looked for the release file, in words. */
  readonly looked: readonly string[];
  /** Whether it is in a package of a monorepo that nobody named. Default: `false`. */
  readonly inWorkspace?: boolean;
};

/** Where to look. */
export type FindOptions = {
  readonly cwd: string;
  /** A path that the user gave, relative to `cwd`. Default: look from `cwd` upwards to the nearest package.json. */
  readonly path?: string | undefined;
};

/**
 * Looks for the release file without loading it; from the root of a monorepo also in its packages.
 *
 * @throws {ReleaseError} `release_ambiguous`
 */
export function findProject({ cwd, path }: FindOptions): Project {
  if (path !== undefined) {
    const file = resolve(cwd, path);
    const root = packageFolder(dirname(file)) ?? dirname(file);
    return { root, releaseFile: isFile(file) ? file : undefined, looked: [path] };
  }
  const top = packageFolder(cwd);
  const folders = top === undefined ? ancestors(cwd) : between(cwd, top);
  const files = folders.flatMap((folder) => candidates().map((name) => join(folder, name)));
  const releaseFile = files.find(isFile);
  const inWorkspace =
    releaseFile === undefined && top !== undefined ? inPackages(top, cwd) : undefined;
  if (inWorkspace !== undefined) return inWorkspace;
  const upwards = top === undefined || top === cwd ? "" : ` and up to ${top}`;
  const looked = places.map((place) => `${place}.{${endings.join(",")}}`);
  return {
    root: top ?? (releaseFile === undefined ? cwd : dirname(releaseFile)),
    releaseFile,
    looked: [...looked.slice(0, -1), `${looked.at(-1)} in ${cwd}${upwards}`],
  };
}

/**
 * The one release file in the packages of a monorepo, seen from its root.
 *
 * @throws {ReleaseError} `release_ambiguous` when there are several
 */
function inPackages(top: string, cwd: string): Project | undefined {
  const found = workspaceFolders(top).flatMap((root) => {
    const file = candidates()
      .map((name) => join(root, name))
      .find(isFile);
    return file === undefined ? [] : [{ root, releaseFile: file }];
  });
  const [first, second] = found;
  if (first === undefined) return undefined;
  const paths = found.map(({ releaseFile }) => relative(cwd, releaseFile));
  if (second !== undefined) {
    const words = everydayErrors.release_ambiguous;
    throw new ReleaseError("release_ambiguous", { paths }, undefined, words);
  }
  return { ...first, looked: paths, inWorkspace: true };
}

/**
 * Imports the release of a project, after its `.env`; its migration folders are then relative to
 * the project.
 *
 * @throws {ReleaseError} `release_missing`, `release_invalid`, `env_file_unreadable`, and errors of
 * `defineRelease`
 */
export async function importRelease(project: Project, cwd: string): Promise<Release> {
  const { releaseFile, looked, root } = project;
  loadEnvFile(root);
  if (releaseFile === undefined) throw new ReleaseError("release_missing", { looked });
  const path = relative(cwd, releaseFile) || releaseFile;
  const module = await importExports(releaseFile, { path, cwd, root });
  const release = releaseIn(module) ?? module.default;
  // Where the sources are, the folders are the truth: a manifest is for where they are not.
  if (isRelease(release)) return release.using({ root, manifest: {} });
  const found = Object.keys(module).length === 0 ? "nothing" : Object.keys(module).join(", ");
  throw new ReleaseError("release_invalid", {
    path,
    reason: `it exports ${found}, but no release`,
  });
}

/** A compiler puts the `export default` of a CommonJS module one step further in. */
function releaseIn({ Release, default: exported }: Readonly<Record<string, unknown>>): unknown {
  return Release ?? (exported as { readonly default?: unknown } | null | undefined)?.default;
}

async function importExports(
  file: string,
  shown: { readonly path: string; readonly cwd: string; readonly root: string },
): Promise<Readonly<Record<string, unknown>>> {
  const bytes = naming({ path: file, code: "file_inaccessible" }, () => readFileSync(file));
  try {
    textFromBytes(bytes, shown.path);
    return (await importFile(file, shown.root)) as Readonly<Record<string, unknown>>;
  } catch (error) {
    if (isReleaseError(error)) throw error;
    const details = { path: shown.path, reason: importReason(error, shown.cwd) };
    throw new ReleaseError("release_invalid", details, { cause: error });
  }
}

/** Looks at its methods, because it may come from another copy of this package. */
function isRelease(value: unknown): value is Release {
  return (
    typeof value === "object" &&
    value !== null &&
    ["using", "repos", "migrate"].every(
      (method) => method in value && typeof value[method as keyof typeof value] === "function",
    )
  );
}

function candidates(): readonly string[] {
  return places.flatMap((place) => endings.map((ending) => `${place}.${ending}`));
}

function packageFolder(from: string): string | undefined {
  return ancestors(from).find((folder) => existsSync(join(folder, "package.json")));
}

function between(from: string, top: string): readonly string[] {
  const folders = ancestors(from);
  return folders.slice(0, folders.indexOf(top) + 1);
}

/** A folder and all those that it is in, the nearest first. */
function ancestors(folder: string): readonly string[] {
  const above = dirname(folder);
  return above === folder ? [folder] : [folder, ...ancestors(above)];
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
