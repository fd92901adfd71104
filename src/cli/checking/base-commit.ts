/** `--base REF`: the files at the base and now, as git knows them. */
import { resolve } from "node:path";
import { askGit, type GitOptions, gitSays, pathsIn, unreadable } from "./git.ts";

/** The commit that a change began at, and the changed files since. All paths are absolute. */
export type BaseCommit = {
  /** As the user wrote it. */
  readonly ref: string;
  /** The newest commit that the change and its base have in common. */
  readonly commit: string;
  /** The folder of the repository. */
  readonly top: string;
  /** Files that were there then. */
  readonly files: ReadonlySet<string>;
  readonly changed: ReadonlySet<string>;
  readonly deleted: ReadonlySet<string>;
  /** Files that were not there then, committed or not; without those that git ignores. */
  readonly added: ReadonlySet<string>;
  /** From a new path to the path that it had before, by git's judgement. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Files that the base got since then, and that this checkout has not. */
  readonly onlyInBase: readonly string[];
  /** The texts of files at that commit; one that is too large or gone is left out. */
  texts(paths: readonly string[]): ReadonlyMap<string, Buffer>;
};

/**
 * Compares the files of the working folder, committed or not, with the commit where they parted from `ref`.
 *
 * @throws {ReleaseError} `base_unreadable`: no git, no repository, an unknown ref, a clone that is too shallow
 */
export function baseCommit(ref: string, root: string): BaseCommit {
  const options = { cwd: root, ref };
  const up = askGit(["rev-parse", "--show-cdup"], options);
  if (!up.ok) throw noRepository(ref, up.complaint);
  const top = resolve(root, up.bytes.toString("utf8").replace(/\n$/, ""));
  const absolute = (path: string) => resolve(top, path);
  const tip = commitOf(ref, options);
  const commit = mergeBase(tip, options);
  const all = { ...options, cwd: top };
  const listed = pathsIn(gitSays(["ls-tree", "-r", "-z", "--name-only", commit], all));
  const status = pathsIn(gitSays(["diff", "--name-status", "-z", "--no-renames", commit], all));
  const changed = new Set<string>();
  const deleted = new Set<string>();
  const others = ["ls-files", "--others", "--exclude-standard", "-z"];
  const added = new Set(pathsIn(gitSays(others, all)).map(absolute));
  for (let i = 0; i + 1 < status.length; i += 2) {
    if (status[i] === "D") deleted.add(absolute(status[i + 1]!));
    else (status[i] === "A" ? added : changed).add(absolute(status[i + 1]!));
  }
  const newer = gitSays(
    ["diff", "--name-only", "-z", "--no-renames", "--diff-filter=A", commit, tip],
    all,
  );
  return {
    ...{ ref, commit, top, changed, deleted, added },
    files: new Set(listed.map(absolute)),
    renamed: deleted.size === 0 ? new Map() : renames(commit, { all, absolute }),
    onlyInBase: pathsIn(newer).map(absolute),
    texts: (paths) => textsOf(paths, { top, commit, all }),
  };
}

function noRepository(ref: string, complaint: string): Error {
  return /dubious ownership/.test(complaint)
    ? unreadable(ref, `git: ${complaint}`, "git config --global --add safe.directory '*'")
    : unreadable(
        ref,
        "this folder is not in a git repository",
        "Run it in a clone, or judge without a base: slipway check --all",
      );
}

function commitOf(ref: string, options: GitOptions): string {
  const words = ["rev-parse", "--verify", "--quiet", "--end-of-options", `${ref}^{commit}`];
  const found = askGit(words, options);
  if (found.ok) return found.bytes.toString("utf8").trim();
  const [, remote, branch] = /^([\w.-]+)\/(.+)$/.exec(ref) ?? [];
  const hint =
    remote === undefined
      ? "Name a branch, a tag or a commit that git log knows: slipway check --base origin/main"
      : `Fetch it: git fetch ${remote} ${branch}. In GitHub Actions, give actions/checkout fetch-depth: 0`;
  throw unreadable(ref, "git knows no such branch, tag or commit here", hint);
}

/** Where both parted. A shallow clone may end before that. */
function mergeBase(tip: string, options: GitOptions): string {
  const { ref } = options;
  const found = askGit(["merge-base", tip, "HEAD"], options);
  if (found.ok) return found.bytes.toString("utf8").trim();
  if (!askGit(["rev-parse", "--verify", "--quiet", "HEAD"], options).ok)
    throw unreadable(ref, "nothing has been committed here yet", "Commit first.");
  const shallow = askGit(["rev-parse", "--is-shallow-repository"], options);
  if (shallow.bytes.toString("utf8").trim() === "true")
    throw unreadable(
      ref,
      "the clone is shallow and ends before the commit where both parted",
      "git fetch --unshallow. In GitHub Actions, give actions/checkout fetch-depth: 0",
    );
  throw unreadable(
    ref,
    "it has no commit in common with HEAD",
    "Name the branch that this one began at.",
  );
}

function renames(
  commit: string,
  { all, absolute }: { readonly all: GitOptions; readonly absolute: (path: string) => string },
): ReadonlyMap<string, string> {
  const words = ["diff", "--name-status", "-z", "-M", "--diff-filter=R", commit];
  const parts = pathsIn(gitSays(words, all));
  const found = new Map<string, string>();
  for (let i = 0; i + 2 < parts.length; i += 3)
    found.set(absolute(parts[i + 2]!), absolute(parts[i + 1]!));
  return found;
}

/** All of them by one process, whose answer is a header line and the bytes for each. */
function textsOf(
  paths: readonly string[],
  { top, commit, all }: { readonly top: string; readonly commit: string; readonly all: GitOptions },
): ReadonlyMap<string, Buffer> {
  const asked = paths.filter((path) => !path.includes("\n"));
  const lines = asked.map((path) => `${commit}:${relativePath(top, path)}\n`).join("");
  const bytes = gitSays(["cat-file", "--batch"], { ...all, input: lines });
  const texts = new Map<string, Buffer>();
  let at = 0;
  for (const path of asked) {
    const end = bytes.indexOf(10, at);
    const header = bytes.toString("utf8", at, end);
    const [, size] = / blob (\d+)$/.exec(header) ?? [];
    at = end + 1;
    if (size === undefined) continue;
    texts.set(path, bytes.subarray(at, at + Number(size)));
    at += Number(size) + 1;
  }
  return texts;
}

function relativePath(top: string, path: string): string {
  return path.slice(top.length + 1).replaceAll("\\", "/");
}
