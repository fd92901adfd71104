/** Files of a release that are not as they were built. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The name of the list, in the folder of the version. Its form is that of `sha256sum`. */
export const checksumsFile = "SHA256SUMS";

/** A file that differs, or is not there. */
export type DamagedFile = { readonly path: string; readonly is: "changed" | "missing" };

/** Compares every file of the list. @throws when there is no list. */
export function damagedFiles(root: string): readonly DamagedFile[] {
  return readdirSync(join(root, "releases")).flatMap((version) =>
    readFileSync(join(root, "releases", version, checksumsFile), "utf8")
      .split("\n")
      .flatMap((line) => {
        const [, sum, path = ""] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? [];
        if (sum === undefined) return [];
        const is = stateOf(join(root, path), sum);
        return is === undefined ? [] : [{ path, is }];
      }),
  );
}

/** The lines that tell of damage, or nothing when there is none. */
export function damage(root: string): string | undefined {
  try {
    const files = damagedFiles(root);
    if (files.length === 0) return undefined;
    const words = files.map(({ path, is }) => `${path} (${is})`).join(", ");
    return `error: this release is not as it was built: ${words}\nhint: Copy it here again, or build it again.\n`;
  } catch {
    return undefined;
  }
}

function stateOf(path: string, sum: string): DamagedFile["is"] | undefined {
  try {
    return createHash("sha256").update(readFileSync(path)).digest("hex") === sum
      ? undefined
      : "changed";
  } catch {
    return "missing";
  }
}
