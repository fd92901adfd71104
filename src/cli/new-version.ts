/** A version that no other migration of a folder has: the present second in UTC, or the next that is free. */
import { closeSync, mkdirSync, openSync, rmSync } from "node:fs";
import { join } from "node:path";
import { naming, removeMade } from "../build/whole-file.ts";
import type { Version } from "../core/model/migration.ts";
import { namedFiles } from "./named-files.ts";

/**
 * Holds a free version while `work` writes the file. Two processes at once get two versions: the
 * version is claimed by a file that only one of them can make, and that discovery does not see.
 * Makes the folder, which goes again if `work` fails.
 *
 * @throws {ReleaseError} `file_unwritable`
 */
export function withNewVersion<Result>(
  folder: string,
  now: Date,
  work: (version: Version) => Result,
): Result {
  const made = naming({ path: folder }, () => mkdirSync(folder, { recursive: true }));
  try {
    return withFreeVersion(folder, now, work);
  } catch (error) {
    removeMade(folder, made);
    throw error;
  }
}

function withFreeVersion<Result>(
  folder: string,
  now: Date,
  work: (version: Version) => Result,
): Result {
  for (let time = now.getTime(); ; time += 1000) {
    const version = versionAt(new Date(time));
    const claim = join(folder, `.${version}.claim`);
    if (isTaken(folder, version) || !naming({ path: folder }, () => makeFile(claim))) continue;
    try {
      // An earlier holder of the claim has written its file by now.
      if (!isTaken(folder, version)) return work(version);
    } finally {
      rmSync(claim, { force: true });
    }
  }
}

/** `20210718153339`. */
function versionAt(time: Date): Version {
  return time.toISOString().slice(0, 19).replace(/\D/g, "");
}

function isTaken(folder: string, version: Version): boolean {
  return namedFiles(folder).some((file) => file.version === version);
}

function makeFile(path: string): boolean {
  try {
    closeSync(openSync(path, "wx"));
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}
