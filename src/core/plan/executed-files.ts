/** The files beside a migration that it runs. */

import type { MigrationDefinition } from "../language/migration-definition.ts";
import type { Direction, MigrationFile } from "../model/migration.ts";
import { type ReadFile, readFiles } from "./read-files.ts";
import { recordAsWritten } from "./record.ts";

/** Names are taken as they are written, of any length. */
const anyLength = { length: Number.POSITIVE_INFINITY, unit: "bytes" } as const;

/**
 * The files that a migration gives to `m.executeFile`, in both directions: text by path.
 *
 * @throws {ReleaseError} `operation_invalid` when a file is not there, or the migration itself
 * makes no sense
 */
export function executedFiles(
  file: MigrationFile,
  definition: MigrationDefinition,
  readFile: ReadFile,
): { readonly [path: string]: string } {
  const { change, up = change, down = change, afterBegin, beforeCommit } = definition;
  const recorded = (direction: Direction, body: MigrationDefinition["up"]) =>
    [afterBegin, body, beforeCommit].flatMap((one) =>
      one === undefined
        ? []
        : recordAsWritten(file, one, { direction, identifierLimit: anyLength, defaults: {} }),
    );
  const texts = new Map<string, string>();
  readFiles(file, [...recorded("up", up), ...recorded("down", down)], (path) => {
    const text = readFile(path);
    if (text !== undefined) texts.set(path, text);
    return text;
  });
  return Object.fromEntries([...texts].toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
