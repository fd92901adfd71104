/** Migrations of TypeORM, run by the user's own TypeORM on the connection of the migration. */
import type { QueryRunner } from "typeorm";
import { importDriver } from "../adapters/import-driver.ts";
import { classIn, type MigrationClass, made } from "../core/language/foreign-class.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, type Exports } from "./foreign-module.ts";
import { mysqlPool } from "./mysql-connection.ts";
import { pgPool } from "./pg-client.ts";
import { type Send, sender } from "./sent.ts";
import { typeormOnSqlite } from "./typeorm-sqlite.ts";

/** How your data source is set up. */
export type TypeormMigrationsOptions = {
  /** Further options of your data source, such as `entities`. Default: none. */
  readonly options?: { readonly [name: string]: unknown };
};

/**
 * Runs classes of TypeORM, `up(queryRunner)` and `down(queryRunner)`, each in a transaction of Slipway's unless it has
 * `transaction = false`. A transaction that one begins is a savepoint.
 */
export function typeormMigrations({ options = {} }: TypeormMigrationsOptions = {}): ForeignModules {
  return {
    tool: "TypeORM",
    order: "stamp of class",
    readsBelow: true,
    definition(exported, { syntax }) {
      const found = classIn(exported);
      if (found === undefined) return undefined;
      const instance = made(found);
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction = syntax !== "mysql" && instance.transaction !== false;
      const way = (name: "up" | "down") => (db: MigrationDatabase) =>
        withTypeorm(db, { syntax, transaction, options }, (queryRunner) =>
          run(made(found), name, queryRunner),
        );
      return codeMigration("TypeORM", ownSettings(found), {
        up: way("up"),
        ...(typeof instance.down === "function" ? { down: way("down") } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

/** The settings on the class itself, as `static safe = {…}`. */
function ownSettings(found: MigrationClass): Exports {
  return found as unknown as Exports;
}

async function run(
  instance: Exports,
  name: "up" | "down",
  queryRunner: QueryRunner,
): Promise<void> {
  await (instance[name] as (queryRunner: QueryRunner) => unknown).call(instance, queryRunner);
}

type About = {
  readonly syntax: SqlSyntax;
  readonly transaction: boolean;
  readonly options: Exports;
};

async function withTypeorm(
  db: MigrationDatabase,
  { syntax, transaction, options }: About,
  work: (queryRunner: QueryRunner) => Promise<void>,
): Promise<void> {
  const library = await importDriver(() => import("typeorm"), names);
  if (!("DataSource" in library))
    throw new Error(
      "slipway/compat/typeorm needs TypeORM 0.3 or newer: npm install typeorm@latest",
    );
  const send = sender(db, { transaction, syntax });
  const dataSource = new library.DataSource({
    logging: false,
    ...options,
    ...(await connectionOf(send, syntax)),
    synchronize: false,
    migrationsRun: false,
    dropSchema: false,
    migrations: [],
  });
  if (syntax === "sqlite") typeormOnSqlite(dataSource, send);
  await dataSource.initialize();
  const queryRunner = dataSource.createQueryRunner();
  // As its own runner hands it over: a transaction that is begun is the second one, and so a savepoint.
  if (transaction) Object.assign(queryRunner, { isTransactionActive: true, transactionDepth: 1 });
  await work(queryRunner);
}

/** In place of its driver. */
async function connectionOf(send: Send, syntax: SqlSyntax): Promise<object> {
  switch (syntax) {
    case "postgres":
      return { type: "postgres", driver: { Pool: pgPool(send) }, installExtensions: false };
    case "sqlite":
      return { type: "better-sqlite3", driver: {}, database: ":memory:" };
    case "mysql": {
      const { rows } = await send("SELECT VERSION() AS version");
      const type = /mariadb/i.test(String(rows[0]?.version)) ? "mariadb" : "mysql";
      return { type, driver: { createPool: () => mysqlPool(send) } };
    }
  }
}

const names = { driver: "typeorm", adapter: "compat/typeorm" };
