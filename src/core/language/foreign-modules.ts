/** Modules of another tool as migrations of ours. */
import type { SqlSyntax } from "../sql/token.ts";
import type { MigrationDefinition } from "./migration-definition.ts";

/**
 * Makes migrations of another tool's modules: `knexMigrations()` of `slipway/compat/knex`, and its
 * like.
 */
export interface ForeignModules {
  /** The tool, for people. */
  readonly tool: string;
  /**
   * How the tool orders them: by their names as text, where 2024111409170956 is before 20250101000000; or by the stamp
   * that their class has at its end, whatever the file is called. Default: by the number of the file.
   */
  readonly order?: "name" | "stamp of class";
  /** Whether the tool also reads the folders below its own. Default: it reads only that one. */
  readonly readsBelow?: true;
  /**
   * The export of a module as a migration. `undefined` where it is none of the tool's, so that
   * Slipway reads it.
   *
   * @throws when the tool cannot run on this kind of database
   */
  definition(
    exported: unknown,
    about: { readonly id: string; readonly syntax: SqlSyntax },
  ): MigrationDefinition | undefined;
}

/** The savepoint that stands for the transaction, the first or the one inside of it, that a tool has begun. */
export function toolSavepoint(depth: number): string {
  return `slipway_tool_${depth}`;
}

/** Whether a statement only makes or ends such a savepoint. */
export function isOfToolSavepoint(sql: string): boolean {
  return /^(?:SAVEPOINT|RELEASE SAVEPOINT|ROLLBACK TO SAVEPOINT) slipway_tool_\d+$/.test(sql);
}
