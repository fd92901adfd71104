/** Files that look like migrations and are not read: a run that passed them over would say that all is well. */
import { DevelopmentError } from "../../core/model/development-error.ts";
import { refuse } from "../../core/model/errors.ts";
import { pathsOf } from "./entry-files.ts";
import { layoutShapes } from "./layout-shapes.ts";
import type { FolderTree, Whole } from "./whole.ts";

export type Unread = {
  readonly looksLike: string;
  readonly advice: string;
  readonly files: readonly string[];
};

/** @throws {ReleaseError} `layout_unknown`, one for each layout */
export function refuseUnread(
  tree: FolderTree,
  whole: Whole,
  place: { readonly repo: string; readonly folder: string },
): void {
  refuse(
    unread(tree, whole).map((one) => new DevelopmentError("layout_unknown", { ...place, ...one })),
  );
}

/** Groups the files of the tree that look like migrations of another layout, or of none. */
export function unread(tree: FolderTree, { entries, rejected }: Whole): readonly Unread[] {
  const read = new Set(entries.flatMap(({ files }) => pathsOf(files).map(withoutEnding)));
  const versions = new Set(entries.flatMap(({ files }) => pathsOf(files).flatMap(versionIn)));
  const isAnew = (path: string) =>
    otherLanguage.test(path) && versionIn(path).some((version) => versions.has(version));
  const names = pathsIn(tree, "").filter(
    (path) => !read.has(withoutEnding(path)) && !ignored.test(path) && !isAnew(path),
  );
  const isEmpty = entries.length === 0;
  const found = names.flatMap((path) => {
    const shape = layoutShapes.find(
      (one) => one.is.test(path) || (isEmpty && one.alone?.test(path) === true),
    );
    return shape === undefined ? [] : [{ path, ...shape }];
  });
  const known = new Set(found.map(({ path }) => path));
  const others = rejected
    .filter(({ path }) => !known.has(path) && !ignored.test(path))
    .flatMap(({ path, looksLike }) => {
      if (looksLike !== undefined) return [{ path, looksLike, advice: noUp }];
      // Beside migrations, one of them is a slip, and a warning names it.
      if (!isEmpty) return [];
      if (path.endsWith(".sql"))
        return [{ path, looksLike: "SQL without a version in its name", advice: name }];
      return [{ path, looksLike: "another kind of file", advice: rename }];
    });
  return [...Map.groupBy([...found, ...others], ({ looksLike }) => looksLike).values()].map(
    (same) => ({
      looksLike: same[0]!.looksLike,
      advice: same[0]!.advice,
      files: same.map(({ path }) => path).toSorted(),
    }),
  );
}

const noUp = "Bring back the file that goes up, or delete these.";
const rename = "Let their names end in .sql, .ts or .js, or move them out of the folder.";
const name =
  "Start each name with its version, such as 20210718153339_create_posts.sql, in the order in which they ran.";

const ignored = /(?:^|\/)\.|\.d\.[cm]?ts$|\.(?:test|spec)\.[^./]+$|_test\.go$/;

/** Of a migration in one of these, a file of its version that Slipway reads is the same migration, written anew. */
const otherLanguage = /\.(?:go|rb|exs|py|php|java|kt|rs|cs|clj|edn|sh|pl|lua|scala|groovy)$/;

/** `db/20240101000000` of `db/20240101000000_a.go`. */
function versionIn(path: string): readonly string[] {
  const [version] = /^(?:.*\/)?V?\d+(?=[-_.])/.exec(path) ?? [];
  return version === undefined ? [] : [version];
}

/** A compiler's `x.js` beside `x.ts` is read with it. */
function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]s$/, "");
}

function pathsIn(tree: FolderTree, path: string): readonly string[] {
  const inside = (name: string) => (path === "" ? name : `${path}/${name}`);
  return [
    ...tree.files.map(inside),
    ...tree.folders.flatMap((folder) => pathsIn(folder, inside(folder.name))),
  ];
}
