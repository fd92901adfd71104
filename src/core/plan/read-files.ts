/** Operations that name SQL files → operations that hold their text. */

import type { Operation } from "../language/operation.ts";
import { ReleaseError } from "../model/errors.ts";
import type { MigrationFile } from "../model/migration.ts";
import { InvalidSql } from "../sql/invalid-sql.ts";
import { refuseTwoParts } from "../sql/sections.ts";
import type { SqlSyntax } from "../sql/token.ts";

/** Is there in a built release only, when it has no SQL files. */
declare const slipwayWithoutSql: true | undefined;

/** Gives the text of a file beside a migration; `undefined` when there is none. */
export type ReadFile = (path: string) => string | undefined;

/**
 * Replaces the path of each file with its text, in both directions.
 *
 * @throws {ReleaseError} `operation_invalid` with every file that is not there, or for one that
 * holds two parts
 */
export function readFiles(
  file: MigrationFile,
  operations: readonly Operation[],
  readFile: ReadFile,
  syntax?: SqlSyntax,
): readonly Operation[] {
  const missing: string[] = [];
  const text = (path: string): string => {
    const found = path === "" ? "" : readFile(path);
    if (found === undefined) missing.push(path);
    else if (typeof slipwayWithoutSql === "undefined" && syntax !== undefined)
      refuseParts(file, { path, text: found, syntax });
    return found ?? "";
  };
  const read = operations.flatMap((op): readonly Operation[] => {
    if (op.kind !== "execute_file") return [op];
    const sql = text(op.path);
    const down = op.down === undefined ? {} : { down: text(op.down) };
    // The empty path of a down says that nothing needs to be undone.
    return op.path === "" ? [] : [{ kind: "execute", sql, ...down, from: op.path }];
  });
  if (missing.length === 0) return read;
  throw new ReleaseError("operation_invalid", {
    origin: file.origin,
    reason: `executeFile finds no ${[...new Set(missing)].join(", ")}`,
    hint: "Give a path that starts at the migration's own folder. Nothing has run.",
  });
}

function refuseParts(
  { origin }: MigrationFile,
  { path, text, syntax }: { path: string; text: string; syntax: SqlSyntax },
): void {
  try {
    refuseTwoParts(text, syntax);
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const reason = `${path}, ${error.message}`;
    throw new ReleaseError("operation_invalid", { origin, reason, hint: error.hint });
  }
}
