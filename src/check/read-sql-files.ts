/** Reads the SQL files that a command names; a folder means the files in it, by name. */

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { DevelopmentError } from "../core/model/development-error.ts";
import { isReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { textFromBytes } from "../core/model/text-from-bytes.ts";
import type { SqlFile } from "./sql-script.ts";

/** @throws {ReleaseError} `file_unreadable`, `not_utf8` */
export function readSqlFiles(paths: readonly string[], cwd: string): readonly SqlFile[] {
  return paths
    .flatMap((path) => (isFolder(resolve(cwd, path)) ? inFolder(path, cwd) : [path]))
    .map((path) => readSqlFile(path, cwd));
}

/** @throws {ReleaseError} `file_unreadable`, `not_utf8` */
export function readSqlFile(path: string, cwd: string): SqlFile {
  try {
    const text = textFromBytes(readFileSync(resolve(cwd, path)), path);
    return { name: path, text: text.replace(/^\uFEFF/, "") };
  } catch (error) {
    if (isReleaseError(error)) throw error;
    throw new DevelopmentError(
      "file_unreadable",
      { path, reason: reasonOf(error) },
      { cause: error },
    );
  }
}

function inFolder(path: string, cwd: string): readonly string[] {
  return readdirSync(resolve(cwd, path), { encoding: "utf8" })
    .filter((name) => name.endsWith(".sql"))
    .sort()
    .map((name) => join(path, name));
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  if (code === "ENOENT") return "there is no such file";
  if (code === "EISDIR") return "it is a folder";
  if (code === "EACCES") return "permission denied";
  return messageOf(error);
}
