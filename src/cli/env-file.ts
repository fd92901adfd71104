/** The `.env` of a project, for development. A built release never reads one. */

import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { everydayErrors } from "../core/model/errors/everyday.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";

/**
 * Sets the variables of the file that the environment lacks:
 * https://nodejs.org/api/process.html#processloadenvfilepath With NODE_ENV=production it reads no
 * file.
 *
 * @throws {ReleaseError} `env_file_unreadable`
 */
export function loadEnvFile(root: string): void {
  const path = join(root, ".env");
  if (process.env.NODE_ENV === "production" || !existsSync(path)) return;
  try {
    // The errors of `loadEnvFile` do not explain a folder, or a file of another user.
    readFileSync(path);
    process.loadEnvFile(path);
  } catch (error) {
    const reason = messageOf(error);
    const words = everydayErrors.env_file_unreadable;
    throw new ReleaseError(
      "env_file_unreadable",
      { path: ".env", reason },
      { cause: error },
      words,
    );
  }
}
