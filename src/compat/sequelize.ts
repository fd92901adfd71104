/** Migrations of Sequelize, run by the user's own Sequelize on the connection of the migration. */
import type { QueryInterface, Sequelize } from "sequelize";
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, type Exports, exportsOf } from "./foreign-module.ts";
import { mysqlConnection } from "./mysql-connection.ts";
import { PgClient } from "./pg-client.ts";
import { type Send, sender } from "./sent.ts";
import { sqliteConnection } from "./sqlite-connection.ts";

/** How your Sequelize and Umzug are set up. */
export type SequelizeMigrationsOptions = {
  /** Further options of your Sequelize, such as `define` or `schema`. Default: none. */
  readonly options?: { readonly [name: string]: unknown };
  /**
   * Makes the `context` of your Umzug from the query interface: `({ sequelize }) => sequelize`.
   * Default: the query interface.
   */
  readonly context?: (queryInterface: never) => unknown;
};

/**
 * Runs modules of sequelize-cli, `up(queryInterface, Sequelize)`, and of Umzug, `up({ context })`.
 * Each runs in a transaction of Slipway's unless it exports `transaction = false`, or contains
 * `concurrently` or another word that PostgreSQL refuses in one. A transaction that a module begins
 * becomes a savepoint.
 */
export function sequelizeMigrations({
  options = {},
  context = (queryInterface) => queryInterface,
}: SequelizeMigrationsOptions = {}): ForeignModules {
  return {
    tool: "Sequelize",
    order: "name",
    definition(exported, { id, syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction =
        syntax !== "mysql" &&
        (given.transaction === true || (given.transaction !== false && !refusesTransaction(given)));
      const about = { id, syntax, transaction, options, context };
      const way = (name: "up" | "down") => (db: MigrationDatabase) =>
        withSequelize(db, about, (first, second) => (given[name] as Run)(first, second));
      return codeMigration("Sequelize", given, {
        up: way("up"),
        ...(typeof given.down === "function" ? { down: way("down") } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

/**
 * Sequelize begins no transaction. So statements that PostgreSQL takes only outside of one, or
 * values that work only after a commit, work there as written.
 * https://www.postgresql.org/docs/current/sql-altertype.html#id-1.9.3.42.7
 */
function refusesTransaction({ up, down }: Exports): boolean {
  return /\bconcurrently\b|\badd\s+value\b|\bvacuum\b/i.test(`${up}\n${down}`);
}

type Run = (first: object, library: unknown) => unknown;

/** The connection of the migration has parsed it. */
const asItIs = (value: unknown) => value;
const arrayParser = { create: (value: unknown) => ({ parse: () => value }) };

type About = Required<SequelizeMigrationsOptions> & {
  readonly id: string;
  readonly syntax: SqlSyntax;
  readonly transaction: boolean;
};

async function withSequelize(
  db: MigrationDatabase,
  { id, syntax, transaction, options, context }: About,
  run: Run,
): Promise<void> {
  const library = await importDriver(() => import("sequelize"), names);
  const { name, version, connection } = dialects[syntax];
  const send = sender(db, { transaction, syntax });
  const sequelize: Sequelize = new library.Sequelize({
    logging: false,
    ...options,
    dialect: name,
    // With this, Sequelize loads no driver, so none must be installed. It takes from it the parsers
    // for values that arrive as text.
    dialectModule: { types: { getTypeParser: () => asItIs, arrayParser } },
  });
  const { rows } = await send(version);
  sequelize.options.databaseVersion = threeNumbers(String(Object.values(rows[0] ?? {})[0]));
  const open = connection(send);
  Object.assign(sequelize.connectionManager, {
    getConnection: async () => open,
    releaseConnection: async () => undefined,
  });
  const queryInterface = sequelize.getQueryInterface();
  // The first parameter is the query interface for sequelize-cli, and the object with the context
  // for Umzug.
  const first = Object.assign(queryInterface, {
    name: id,
    context: context(queryInterface as never),
  });
  await run(first satisfies QueryInterface & Exports, library.Sequelize);
}

/** As semver has it: "18.4 (Debian)" is 18.4.0. */
function threeNumbers(version: string): string {
  const [, major = "0", minor = "0", patch = "0"] =
    /(\d+)(?:\.(\d+))?(?:\.(\d+))?/.exec(version) ?? [];
  return `${major}.${minor}.${patch}`;
}

const dialects: {
  readonly [Syntax in SqlSyntax]: {
    readonly name: string;
    readonly version: string;
    readonly connection: (send: Send) => object;
  };
} = {
  postgres: {
    name: "postgres",
    version: "SHOW server_version",
    connection: (send) => new PgClient(send),
  },
  sqlite: {
    name: "sqlite",
    version: "SELECT sqlite_version() AS version",
    connection: sqliteConnection,
  },
  mysql: {
    name: "mysql",
    version: "SELECT VERSION() AS version",
    connection: mysqlConnection,
  },
};

const names = { driver: "sequelize", adapter: "compat/sequelize" };
