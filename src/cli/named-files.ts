/** The files in a folder with names of migrations, whether or not they can be loaded. */
import { readdirSync } from "node:fs";
import { basename, join } from "node:path";
import type { Version } from "../core/model/migration.ts";
import { migrationName } from "../engine/discovery/migration-name.ts";

/** A file or folder, read by its name alone. */
export type NamedFile = {
  readonly path: string;
  readonly version: Version;
  readonly name: string;
};

/** Also in its sub-folders, and both halves of an SQL pair. */
export function namedFiles(folder: string): readonly NamedFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    const id = basename(file).replace(/(?:\.(?:up|down))?\.(?:[mc]?[jt]s|sql)$/, "");
    const named = migrationName(id);
    if (named === undefined || named.problem !== undefined) return [];
    return [{ path: join(folder, file), version: named.version, name: named.name }];
  });
}
