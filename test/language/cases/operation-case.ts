/** One thing that a migration can do, to be run up, down and up again, and to be shown in docs/migrations.md. */

import type { SchemaDefaults } from "../../../src/core/language/defaults.ts";
import type { MigrationDefinition } from "../../../src/core/language/migration-definition.ts";
import type { Family, PlaceName } from "../families.ts";

export type OperationCase = {
  /** Its heading. */
  readonly name: string;
  /** Who can do it; all others must refuse it by name. Default: everyone. */
  readonly on?: readonly Family[];
  /** SQL and types of its author's own: the others are not asked. */
  readonly ownSql?: true;
  /** A database that cannot do it here, and why. */
  readonly except?: { readonly [Name in PlaceName]?: string };
  /** What stands before; it is run once and stays. */
  readonly setup?: NonNullable<MigrationDefinition["up"]>;
  readonly defaults?: SchemaDefaults;
  /** The files that `m.executeFile` reads. */
  readonly files?: { readonly [path: string]: string };
  /** A column that comes back is the last of its table, so the places of columns are not compared. */
  readonly movesColumns?: true;
  /** A word for readers of the page. */
  readonly note?: string;
} & Pick<MigrationDefinition, "change" | "up" | "down">;

/** A chapter of the page. */
export type Chapter = {
  readonly title: string;
  /** The file that holds the cases, beside this one. */
  readonly file: string;
  readonly cases: readonly OperationCase[];
};

/** Who has schemas, which MySQL calls databases. */
export const sqlServers: readonly Family[] = ["postgres", "mysql", "mariadb"];
export const withComments: readonly Family[] = ["postgres", "mysql", "mariadb"];
