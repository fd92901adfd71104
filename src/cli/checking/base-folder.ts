/** A project as it was at a commit, in a folder that is gone afterwards. */
import {
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
 * Gives `work` a folder that looks like `root` at the commit. What did not change since is a link into `root`, so that
 * modules find what they import.
 */
export async function inBaseFolder<Result>(
  {
    base,
    root,
    isNew,
  }: {
    readonly base: BaseCommit;
    readonly root: string;
    /** Whether a file is to be left out, because it came later. */
    readonly isNew: (path: string) => boolean;
  },
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), "slipway-base-")));
  try {
    const inside = (path: string) => !relative(root, path).startsWith("..");
    const old = [...base.changed, ...base.deleted].filter(inside);
    const tree = treeOf(old.map((path) => relative(root, path)));
    fill({ from: root, to: folder, tree }, isNew);
    for (const [path, text] of base.texts(old))
      writeFileSync(join(folder, relative(root, path)), text);
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
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

/** Links all that is not on the way; what came after the commit is left out. */
function fill(
  { from, to, tree }: { readonly from: string; readonly to: string; readonly tree: Tree },
  isNew: (path: string) => boolean,
): void {
  mkdirSync(to, { recursive: true });
  for (const entry of entriesOf(from)) {
    const path = join(from, entry.name);
    if (tree.has(entry.name) || isNew(path)) continue;
    symlinkSync(path, join(to, entry.name), entry.isDirectory() ? "junction" : "file");
  }
  for (const [name, below] of tree)
    if (below.size > 0) fill({ from: join(from, name), to: join(to, name), tree: below }, isNew);
    else mkdirSync(dirname(join(to, name)), { recursive: true });
}

/** A folder that was deleted has none. */
function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}
