/** The file that a schema is dumped to. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import { messageOf } from "../core/model/message-of.ts";
import type { CommandContext } from "./command.ts";
import { findProject } from "./find-release.ts";

/** Absolute, and as the user sees it. */
export type SchemaFile = { readonly path: string; readonly shown: string };

/** `db/<repo>/structure.sql` of the project, or what the user named. */
export function schemaFile(
  repo: string,
  named: string | undefined,
  { world, releasePath }: CommandContext,
): SchemaFile {
  const path =
    named === undefined
      ? join(findProject({ cwd: world.cwd, path: releasePath }).root, "db", repo, "structure.sql")
      : resolve(world.cwd, named);
  return { path, shown: relative(world.cwd, path) };
}

/** @throws {ReleaseError} `dump_missing`, `file_unreadable` */
export function readSchemaFile(repo: string, { path, shown }: SchemaFile): string {
  if (!existsSync(path)) throw new DevelopmentError("dump_missing", { repo, path: shown });
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const details = { path: shown, reason: messageOf(error) };
    throw new DevelopmentError("file_unreadable", details, { cause: error });
  }
}

/** Whether it was another before. @throws {ReleaseError} `dump_unwritable` */
export function writeSchemaFile({ path, shown }: SchemaFile, sql: string): boolean {
  try {
    if (existsSync(path) && readFileSync(path, "utf8") === sql) return false;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, sql);
    return true;
  } catch (error) {
    const details = { path: shown, reason: messageOf(error) };
    throw new DevelopmentError("dump_unwritable", details, { cause: error });
  }
}
