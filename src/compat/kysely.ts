/** Migrations of Kysely, run by the user's own Kysely on the connection of the migration. */
import type { Kysely, KyselyPlugin } from "kysely";
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { codeMigration, exportsOf } from "./foreign-module.ts";
import { dialectOf } from "./kysely-dialect.ts";
import { sender } from "./sent.ts";

/** How your Kysely is set up. */
export type KyselyMigrationsOptions = {
  /** The plugins of your own Kysely, such as `CamelCasePlugin`. Default: none. */
  readonly plugins?: readonly KyselyPlugin[];
};

/**
 * Runs modules with Kysely's `up(db)` and `down(db)`, each in a transaction of Slipway's unless it exports
 * `transaction = false`. A transaction that one begins is a savepoint.
 */
export function kyselyMigrations({ plugins = [] }: KyselyMigrationsOptions = {}): ForeignModules {
  return {
    tool: "Kysely",
    order: "name",
    definition(exported, { syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction = syntax !== "mysql" && given.transaction !== false;
      const way = (run: unknown) => async (database: MigrationDatabase) => {
        const kysely = await importDriver(() => import("kysely"), names);
        const dialect = dialectOf(kysely, syntax, sender(database, { transaction, syntax }));
        await (run as Run)(new kysely.Kysely({ dialect, plugins: [...plugins] }));
      };
      return codeMigration("Kysely", given, {
        up: way(given.up),
        ...(typeof given.down === "function" ? { down: way(given.down) } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

// biome-ignore lint/suspicious/noExplicitAny: the tables of a database that is not there yet.
type Run = (db: Kysely<any>) => unknown;

const names = { driver: "kysely", adapter: "compat/kysely" };
