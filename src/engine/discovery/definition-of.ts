/** Makes a definition of the exports of a module, whichever tool it was written for. */

import type { ForeignModules } from "../../core/language/foreign-modules.ts";
import type { MigrationDefinition } from "../../core/language/migration-definition.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { messageOf } from "../../core/model/message-of.ts";
import { definitionFrom } from "./definition.ts";
import type { SqlSyntax } from "./source.ts";

export type WhoseModule = {
  readonly syntax: SqlSyntax;
  /** Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
};

/** @throws {ReleaseError} `not_a_migration`, `migration_invalid` */
export function definitionOf(
  exported: unknown,
  { origin, syntax, modules }: WhoseModule & { readonly origin: string },
): MigrationDefinition {
  const foreign = foreignDefinition(exported, { origin, syntax, modules });
  return definitionFrom(foreign ?? exported, origin);
}

/** `undefined` where it is none of the modules' tool. @throws {ReleaseError} `migration_invalid` */
export function foreignDefinition(
  exported: unknown,
  { origin, syntax, modules }: WhoseModule & { readonly origin: string },
): MigrationDefinition | undefined {
  try {
    return modules?.definition(exported, { id: idOf(origin), syntax });
  } catch (cause) {
    const reason = messageOf(cause);
    const hint = "Write it anew with defineMigration, or leave it to its own tool.";
    throw new ReleaseError("migration_invalid", { origin, reason, hint }, { cause });
  }
}

function idOf(origin: string): string {
  return origin.replace(/^.*[\\/]/, "").replace(/\.[cm]?[jt]s$/, "");
}
