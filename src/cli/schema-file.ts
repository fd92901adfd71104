/** The file that a schema is dumped to. */
import { existsSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import { buffer } from "node:stream/consumers";
import { writeWhole } from "../build/whole-file.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { SchemaError } from "../core/model/schema-error.ts";
import { textFromBytes } from "../core/model/text-from-bytes.ts";
import type { CommandContext } from "./command.ts";
import { type FindOptions, findProject } from "./find-release.ts";

/** Absolute, and as the user sees it. */
export type SchemaFile = { readonly path: string; readonly shown: string };

/** Defined only in a built release, which has no project around it. */
declare const slipwayBuilt: true | undefined;

/**
 * The file that the user named, `-` for stdin and stdout; else `db/<repo>/structure.sql` of the
 * project.
 *
 * @throws {ReleaseError} `usage_invalid` in a built release, where nothing was named
 */
export function schemaFile(
  repo: string,
  named: string | undefined,
  { world, releasePath }: CommandContext,
): SchemaFile {
  if (named === "-") return { path: named, shown: "stdin" };
  const path =
    named === undefined
      ? join(projectRoot({ cwd: world.cwd, path: releasePath }), "db", repo, "structure.sql")
      : resolve(world.cwd, named);
  return { path, shown: relative(world.cwd, path) };
}

function projectRoot(place: FindOptions): string {
  if (typeof slipwayBuilt === "undefined") return findProject(place).root;
  throw new ReleaseError("usage_invalid", {
    reason: "a built release does not know which file",
    hint: "Name it: load schema.sql, or - for stdin.",
  });
}

/** @throws {ReleaseError} `dump_missing`, `dump_unreadable`, `not_utf8` */
export async function readSchemaFile(repo: string, { path, shown }: SchemaFile): Promise<string> {
  const isStdin = path === "-";
  if (!isStdin && !existsSync(path)) throw new SchemaError("dump_missing", { repo, path: shown });
  try {
    // A pipe gives its bytes when the program before it has written them.
    const bytes = isStdin ? await buffer(process.stdin) : readFileSync(path);
    return textFromBytes(bytes, shown);
  } catch (error) {
    if (isReleaseError(error)) throw error;
    const details = { path: shown, reason: messageOf(error) };
    throw new SchemaError("dump_unreadable", details, { cause: error });
  }
}

/** Whether it was another before. @throws {ReleaseError} `dump_unwritable` */
export function writeSchemaFile({ path, shown }: SchemaFile, sql: string): boolean {
  try {
    if (existsSync(path) && readFileSync(path, "utf8") === sql) return false;
    writeWhole({ path, contents: sql });
    return true;
  } catch (error) {
    const reason = unwritableReason(error) ?? messageOf(error);
    const details = { path: shown, reason };
    throw new SchemaError("dump_unwritable", details, { cause: error });
  }
}

function unwritableReason(error: unknown): string | undefined {
  if (!isReleaseError(error) || error.code !== "file_unwritable") return undefined;
  return (error as ReleaseError<"file_unwritable">).details.reason;
}
