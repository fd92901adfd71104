/** The migrations of a release as they were at a commit, by the release file of then. */
import { realpathSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { RepoInventory } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { findProject, importRelease } from "../find-release.ts";
import type { BaseCommit } from "./base-commit.ts";
import { inBaseFolder } from "./base-folder.ts";

export type BaseInventoryOptions = {
  /** The present release, which also serves for a base that had none. */
  readonly release: Release;
  readonly base: BaseCommit;
  /** The folder of the project. */
  readonly root: string;
  /** The release file, if the user named it. Default: Slipway looks in the usual places. */
  readonly releasePath: string | undefined;
  /** Whether a file came later than the commit. */
  readonly isNew: (path: string) => boolean;
};

/**
 * Reads the folders of then, wherever they were. A repo that the release of then had not is read by that of now.
 *
 * @throws {Error} where they cannot be read, with the reason
 */
export async function baseInventory({
  release,
  base,
  root,
  releasePath,
  isNew,
}: BaseInventoryOptions): Promise<readonly RepoInventory[]> {
  return inBaseFolder({ base, root, isNew }, async (folder) => {
    const read = async (one: Release) => {
      refuseOutside(one, base.top);
      return one.inventory();
    };
    const now = release.using({ root: folder });
    const then = await releaseOfThen({ folder, root, base, releasePath });
    if (then === undefined) return read(now);
    const known = await read(then);
    const isKnown = (name: string) => known.some(({ repo }) => repo === name);
    if (release.repos().every(isKnown)) return known;
    return [...known, ...(await read(now)).filter(({ repo }) => !isKnown(repo))];
  });
}

/** `undefined` where there was no release file. */
async function releaseOfThen({
  folder,
  root,
  base,
  releasePath,
}: { readonly folder: string } & Pick<
  BaseInventoryOptions,
  "root" | "base" | "releasePath"
>): Promise<Release | undefined> {
  const path = releasePath === undefined ? undefined : relative(root, releasePath);
  const project = { ...findProject({ cwd: folder, path }), root: folder };
  const file = project.releaseFile;
  if (file === undefined || !base.files.has(resolve(root, relative(folder, file))))
    return undefined;
  return importRelease(project, folder);
}

/** A folder that is named by its place on this machine has the files of now. */
function refuseOutside(release: Release, top: string): void {
  const tops = [top, realpathSync(top)];
  const isInside = (path: string) => tops.some((one) => `${path}${sep}`.startsWith(one + sep));
  for (const repo of release.repos())
    for (const path of [...release.folders(repo), ...release.folders(repo, { tenants: true })]) {
      if (isInside(path))
        throw new Error(`repo ${repo} names the folder ${path} by its place on this machine`);
    }
}
