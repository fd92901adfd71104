/** The flags that name the server of a shadow, and the SQL that it begins with. */
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { textFromBytes } from "../core/model/text-from-bytes.ts";
import type { CommandContext } from "./command.ts";
import { value } from "./flags.ts";
import { name, path } from "./parse.ts";

export const shadowPlaceFlags = {
  shadow: value(
    "--shadow <url>",
    "a server for the scratch database; default: PGlite in memory, or an SQLite file; MySQL needs one",
    name,
  ),
  shadowSql: value(
    "--shadow-sql <file>",
    "SQL to run first on the scratch database, such as roles",
    path,
  ),
};

/**
 * The text of the file that `--shadow-sql` names. @throws {ReleaseError} `option_invalid`,
 * `not_utf8`
 */
export async function shadowSqlOf(
  file: string | undefined,
  { world }: CommandContext,
): Promise<string | undefined> {
  if (file === undefined) return undefined;
  try {
    return textFromBytes(await readFile(resolve(world.cwd, file)), file);
  } catch (error) {
    if (isReleaseError(error)) throw error;
    throw new ReleaseError("option_invalid", {
      option: "--shadow-sql",
      value: file,
      expected: "a file that can be read",
    });
  }
}
