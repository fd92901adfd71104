/** A project as it was at a commit, in a folder that is gone afterwards. */
import {
  constants,
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, sep } from "node:path";
import type { BaseCommit } from "./base-commit.ts";

/**
 * Gives `work` the folder that looks like `root` at the commit, in a copy of the whole repository.
 * Modules are copied, because a linked one would import its present neighbours; the rest is linked
 * where it did not change.
 */
export async function inBaseFolder<Result>(
  {
    base,
    root,
    isNew,
  }: {
    readonly base: BaseCommit;
    readonly root: string;
    /** Whether to leave a file out, because it came later. */
    readonly isNew: (path: string) => boolean;
  },
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const { top } = base;
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-base-")));
  const place = (path: string) => join(folder, relative(top, path));
  try {
    const old = [...base.changed, ...base.deleted];
    const isOld = new Set(old);
    const modules = [...base.files].filter((path) => isModule(path) && !isOld.has(path));
    const tree = treeOf([...old, ...modules].map((path) => relative(top, path)));
    fill({ from: top, to: folder, tree }, { isNew, top, place });
    for (const path of modules) copy(path, place(path));
    for (const [path, text] of base.texts(old)) writeFileSync(place(path), text);
    return await work(place(root));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Whether Node runs a file, or looks in it for how to run others. */
export function isModule(path: string): boolean {
  return /\.(?:[cm]?[jt]sx?|json)$/.test(path) && !path.includes(`${sep}node_modules${sep}`);
}

/** A folder under such a name, as a link or a submodule, stays a link. */
function copy(from: string, to: string): void {
  try {
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  } catch {
    symlinkSync(from, to, "junction");
  }
}

/** The folders on the way to files that are not linked, each with the names in it that are its own. */
type Tree = Map<string, Tree>;

function treeOf(paths: readonly string[]): Tree {
  const tree: Tree = new Map();
  for (const path of paths) {
    let at = tree;
    for (const name of path.split(sep)) {
      const below: Tree = at.get(name) ?? new Map();
      at.set(name, below);
      at = below;
    }
  }
  return tree;
}

type Filling = {
  readonly isNew: (path: string) => boolean;
  readonly top: string;
  /** Where a path of the repository is in the copy. */
  readonly place: (path: string) => string;
};

/** Links everything that needs no copy, and leaves out files from after the commit. */
function fill(
  { from, to, tree }: { readonly from: string; readonly to: string; readonly tree: Tree },
  how: Filling,
): void {
  mkdirSync(to, { recursive: true });
  for (const entry of entriesOf(from)) {
    const path = join(from, entry.name);
    if (entry.name === "node_modules") {
      linkPackages({ from: path, to: join(to, entry.name) }, how);
      continue;
    }
    if (tree.has(entry.name) || how.isNew(path) || entry.name === ".git") continue;
    symlinkSync(path, join(to, entry.name), entry.isDirectory() ? "junction" : "file");
  }
  for (const [name, below] of tree)
    if (below.size > 0) fill({ from: join(from, name), to: join(to, name), tree: below }, how);
    else mkdirSync(dirname(join(to, name)), { recursive: true });
}

/** The packages of a monorepo are links in it, and those of the copy are linked in their place; all others are as they are. */
function linkPackages(
  { from, to }: { readonly from: string; readonly to: string },
  how: Pick<Filling, "top" | "place">,
): void {
  const entries = entriesOf(from);
  const scopes = entries.filter(({ name }) => name.startsWith("@"));
  const own = new Map(
    [
      ...entries.map(({ name }) => name),
      ...scopes.flatMap(({ name }) =>
        entriesOf(join(from, name)).map((one) => join(name, one.name)),
      ),
    ].flatMap((name) => {
      const path = packageInRepository(join(from, name), how.top);
      return path === undefined ? [] : [[name, how.place(path)] as const];
    }),
  );
  const link = (name: string) =>
    symlinkSync(own.get(name) ?? join(from, name), join(to, name), "junction");
  if (own.size === 0) {
    symlinkSync(from, to, "junction");
    return;
  }
  mkdirSync(to);
  for (const { name } of entries) {
    if (![...own.keys()].some((one) => dirname(one) === name)) link(name);
    else {
      mkdirSync(join(to, name));
      for (const one of entriesOf(join(from, name))) link(join(name, one.name));
    }
  }
}

/**
 * The target of a link, if that is a folder of the repository that no package manager installed.
 */
function packageInRepository(path: string, top: string): string | undefined {
  try {
    if (!lstatSync(path).isSymbolicLink()) return undefined;
    const real = realpathSync(path);
    const inside = relative(realpathSync(top), real);
    const isOwn =
      inside !== "" && !inside.startsWith("..") && !inside.split(sep).includes("node_modules");
    return isOwn ? join(top, inside) : undefined;
  } catch {
    return undefined;
  }
}

/** A deleted folder has no entries. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
