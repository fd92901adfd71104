/** A version from a path, as the commands of a release take it. */
import type { VersionInput } from "../index.ts";

/** Whether a part of a path can be a version at all. */
export function isVersion(text: string): boolean {
  return /^\d{1,19}$/.test(text);
}

/** A text that is no version is given on as it is, and refused by name there. */
export function versionInput(text: string): VersionInput {
  return isVersion(text) ? BigInt(text) : (text as VersionInput);
}
