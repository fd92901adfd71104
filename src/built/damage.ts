/** Files of a release that are not as they were built. */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/** A file that differs, or is not there, or was not there. */
export type DamagedFile = {
  readonly path: string;
  readonly is: "changed" | "missing" | "added";
};

/** How many files were compared with the list, and those that are not as it says. */
export type FilesVerified = { readonly checked: number; readonly damaged: readonly DamagedFile[] };

/** Compares every file of a release with the list that the build wrote. */
export function verifyFiles(root: string): FilesVerified {
  const lists = readdirSync(join(root, "releases")).map(
    (version) => `releases/${version}/SHA256SUMS`,
  );
  const missing = lists.filter((list) => !existsSync(join(root, list)));
  const lines = lists
    .filter((list) => !missing.includes(list))
    .flatMap((list) => readFileSync(join(root, list), "utf8").split("\n"))
    .flatMap((line) => {
      const [, sum, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
      return sum === undefined || path === undefined ? [] : [{ sum, path }];
    });
  const damaged = lines.flatMap(({ sum, path }): readonly DamagedFile[] => {
    const is = damageOf(join(root, path), sum);
    return is === undefined ? [] : [{ path, is }];
  });
  return {
    checked: lines.length,
    damaged: [
      ...missing.map((path) => ({ path, is: "missing" }) as const),
      ...damaged,
      // Without a list everything would count as added.
      ...(missing.length > 0
        ? []
        : added(root, new Set([...lists, ...lines.map(({ path }) => path)]))),
    ],
  };
}

/**
 * Files in the folders of the release that are in no list. The app may keep any files beside those
 * folders, as in `tmp`.
 */
function added(root: string, known: ReadonlySet<string>): readonly DamagedFile[] {
  const folders = new Set([...known].flatMap((path) => /^[^/]+(?=\/)/.exec(path) ?? []));
  return [...folders]
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((folder) =>
      readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory())
        .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join("/")),
    )
    .filter((path) => !known.has(path))
    .map((path) => ({ path, is: "added" }));
}

/**
 * One sentence about a release that cannot be read; nothing where its files are as they were built.
 */
export function damage(root: string): string | undefined {
  try {
    // A file too many keeps none from being read.
    const damaged = verifyFiles(root).damaged.filter(({ is }) => is !== "added");
    if (damaged.length === 0) return undefined;
    const words = damaged.map(({ path, is }) => `${path} (${is})`).join(", ");
    return `this release is not as it was built: ${words}`;
  } catch {
    return undefined;
  }
}

function damageOf(path: string, sum: string): DamagedFile["is"] | undefined {
  try {
    const now = createHash("sha256").update(readFileSync(path)).digest("hex");
    return now === sum ? undefined : "changed";
  } catch {
    return "missing";
  }
}
