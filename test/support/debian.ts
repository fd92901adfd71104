import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { tellMissing } from "./missing.ts";

/**
 * Finds a program of a Debian package. When it is missing, says how to install it and gives
 * nothing, so that the tests skip; in CI, where it must be there, it throws.
 * `folder` is one that is in no PATH, and is looked into first. `optional`: CI may lack it too.
 */
export function debianProgram(
  program: string,
  debianPackage: string,
  where: string | { readonly folder?: string; readonly optional?: boolean } = {},
): string | undefined {
  const { folder, optional = false } = typeof where === "string" ? { folder: where } : where;
  // The PATH of an ordinary user lacks the folders where servers lie.
  const path = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  const folders = folder === undefined ? path : [folder, ...path];
  const found = folders.map((folder) => join(folder, program)).find(isExecutable);
  if (found !== undefined) return found;
  const words = `${program} is missing: apt-get install -y --no-install-recommends ${debianPackage}`;
  if (optional) console.warn(`skipped, ${words}`);
  else tellMissing(words);
  return undefined;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
