/** A version from a path, as the commands of a release take it. */
import type { VersionInput } from "../index.ts";

export function versionInput(text: string): VersionInput {
  return /^\d{1,19}$/.test(text) ? BigInt(text) : (text as VersionInput);
}
