/** Migrations of Knex, run by the user's own Knex on the connection of the migration. */
import type { Knex } from "knex";
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, type Exports, exportsOf, isObject } from "./foreign-module.ts";
import { mysqlConnection } from "./mysql-connection.ts";
import { PgClient } from "./pg-client.ts";
import { type Send, sender } from "./sent.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** How your Knex is set up. */
export type KnexMigrationsOptions = {
  /** Further settings of your knexfile, such as `wrapIdentifier`. */
  readonly config?: Omit<Knex.Config, "client" | "connection" | "pool" | "migrations">;
};

/**
 * Runs modules with Knex's `up(knex)` and `down(knex)`, each in a transaction of Slipway's unless its `config` says
 * otherwise. A transaction that one begins is a savepoint.
 */
export function knexMigrations({ config = {} }: KnexMigrationsOptions = {}): ForeignModules {
  return {
    tool: "Knex",
    order: "name",
    definition(exported, { syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction =
        syntax !== "mysql" && !(isObject(given.config) && given.config.transaction === false);
      const way = (run: unknown) => (db: MigrationDatabase) =>
        withKnex(db, { syntax, config, transaction }, run as Run);
      return codeMigration("Knex", given, {
        up: way(given.up),
        ...(typeof given.down === "function" ? { down: way(given.down) } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

type Run = (knex: Knex) => unknown;

async function withKnex(
  db: MigrationDatabase,
  { syntax, config, transaction }: About,
  run: Run,
): Promise<void> {
  const { default: makeKnex } = await importDriver(() => import("knex"), names);
  const send = sender(db, { transaction, syntax });
  const knex = makeKnex({
    useNullAsDefault: syntax === "sqlite",
    ...Object.fromEntries(Object.entries(config).filter(([name]) => !ownSettings.has(name))),
    client: clients[syntax].name,
  });
  const connection = clients[syntax].connection(send);
  Object.assign(knex.client, {
    acquireConnection: async () => connection,
    releaseConnection: async () => undefined,
  });
  await (transaction ? knex.transaction(async (open) => run(open)) : run(knex));
}

/** Who gives all of a knexfile gives these too, and the migration has a connection. */
const ownSettings: ReadonlySet<string> = new Set(["connection", "pool", "migrations"]);

type About = {
  readonly syntax: SqlSyntax;
  readonly config: Exports;
  readonly transaction: boolean;
};

/** Without an address, Knex neither loads a driver nor makes a pool. */
const clients: {
  readonly [Syntax in SqlSyntax]: {
    readonly name: string;
    readonly connection: (send: Send) => object;
  };
} = {
  postgres: { name: "pg", connection: (send) => new PgClient(send) },
  sqlite: { name: "sqlite3", connection: sqliteConnection },
  mysql: { name: "mysql2", connection: mysqlConnection },
};

const names = { driver: "knex", adapter: "compat/knex" };
