/**
 * Writes the files of a release into a folder on disk, as a whole or not at all: the old files stay
 * until all new ones are written.
 */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import type { ReleaseFile } from "./release-file.ts";
import { naming } from "./whole-file.ts";

/**
 * Whether the folder holds a release that would go. @throws {ReleaseError} `not_a_release` for any
 * other folder
 */
export function holdsRelease(folder: string): boolean {
  if (!existsSync(folder)) return false;
  if (!statSync(folder).isDirectory()) {
    throw new DevelopmentError("not_a_release", { path: folder, reason: "it is a file" });
  }
  const names = readdirSync(folder);
  if (names.length === 0) return false;
  // One executable file has no more than its bin.
  if (names.every((name) => name === "bin")) return true;
  if (names.includes("releases") && names.includes("lib")) return true;
  throw new DevelopmentError("not_a_release", { path: folder, reason: "it holds other things" });
}

/**
 * Writes beside `folder` first, and then moves it into place.
 *
 * @throws {ReleaseError} `file_unwritable`
 */
export function writeRelease(folder: string, files: readonly ReleaseFile[]): void {
  naming({ path: folder }, () => writeBeside(folder, files));
}

function writeBeside(folder: string, files: readonly ReleaseFile[]): void {
  const part = join(dirname(folder), `.${basename(folder)}.${process.pid}`);
  try {
    for (const { path, contents, executable = false } of files) {
      const file = join(part, path);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(file, contents, { mode: executable ? 0o755 : 0o644 });
    }
    rmSync(folder, { recursive: true, force: true });
    renameSync(part, folder);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
}
