import { readFileSync } from "node:fs";
import { textFromBytes } from "../../core/model/text-from-bytes.ts";

/**
 * The text of a file that people know as `origin`.
 *
 * @throws {ReleaseError} `not_utf8`
 */
export function readText(path: string, origin: string): string {
  return textFromBytes(readFileSync(path), origin);
}
