/** Migrations of db-migrate, run over the user's own driver of it on the connection of the migration. */
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { codeMigration, exportsOf } from "./foreign-module.ts";
import { mysqlConnection } from "./mysql-connection.ts";
import { PgClient } from "./pg-client.ts";
import { type Send, sender } from "./sent.ts";

/**
 * Runs modules of db-migrate, `up(db, callback)` or one that gives a promise, each in a transaction
 * of Slipway's unless it exports `transaction = false`. A module that only reads a file of `sqls/`
 * is read as SQL, without this.
 */
export function dbMigrations(): ForeignModules {
  return {
    tool: "db-migrate",
    order: "name",
    definition(exported, { syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      if (syntax === "sqlite")
        throw new Error("modules of db-migrate run on PostgreSQL, MySQL and MariaDB only");
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction = syntax !== "mysql" && given.transaction !== false;
      const way = (name: "up" | "down") => async (db: MigrationDatabase) => {
        const driver = await drivers[syntax](sender(db, { transaction, syntax }));
        if (typeof given.setup === "function") given.setup(setupOptions, seedLink);
        await called(given[name] as Run, driver);
      };
      return codeMigration("db-migrate", given, {
        up: way("up"),
        ...(typeof given.down === "function" ? { down: way("down") } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

type Run = (db: object, callback: (error?: unknown) => void) => unknown;

/** It calls back, or gives a promise. One that does neither is over when it returns. */
function called(run: Run, db: object): Promise<void> {
  return new Promise((done, fail) => {
    const given = run(db, (error) => (error ? fail(error) : done()));
    if (given instanceof Object && "then" in given) Promise.resolve(given).then(() => done(), fail);
    else if (given === null || run.length < 2) done();
  });
}

/** Its types of columns, by the names that migrations have for them. https://db-migrate.readthedocs.io */
const dataType = {
  ...{ CHAR: "char", STRING: "string", TEXT: "text", BLOB: "blob", BINARY: "binary" },
  ...{ SMALLINT: "smallint", SMALL_INTEGER: "smallint", INTEGER: "int" },
  ...{ BIGINT: "bigint", BIG_INTEGER: "bigint", REAL: "real", DECIMAL: "decimal" },
  ...{ DATE: "date", TIME: "time", DATE_TIME: "datetime", TIMESTAMP: "timestamp" },
  BOOLEAN: "boolean",
};

const setupOptions = { dbmigrate: { version: 1, dataType, type: dataType }, Promise };

/** Seeds are none of a migration's business here. */
const seedLink = {
  seed: () => {
    throw new Error("seeds stay with db-migrate: run db-migrate seed");
  },
};

type Connect = typeof import("db-migrate-pg")["default"]["connect"];

/** Each is a separate package, which takes an existing connection. */
const drivers = {
  postgres: async (send: Send) => {
    const about = { driver: "db-migrate-pg", adapter: "compat/db-migrate" };
    const { connect } = (await importDriver(() => import("db-migrate-pg"), about)).default;
    return connected(connect, new PgClient(send));
  },
  mysql: async (send: Send) => {
    const about = { driver: "db-migrate-mysql", adapter: "compat/db-migrate" };
    const { connect } = (await importDriver(() => import("db-migrate-mysql"), about)).default;
    const connection = { ...mysqlConnection(send), connect: (done: () => void) => done() };
    return connected(connect, connection);
  },
};

function connected(connect: Connect, db: object): Promise<object> {
  const interfaces = { SeederInterface: {}, MigratorInterface: {} };
  return new Promise((done, fail) => {
    connect(
      { db, database: "this" },
      { mod: { log: silent, type: dataType }, interfaces },
      (error, driver) => (error ? fail(error) : done(driver)),
    );
  });
}

const quiet = () => undefined;
const silent = {
  info: quiet,
  warn: quiet,
  error: quiet,
  verbose: quiet,
  sql: quiet,
  silence: quiet,
};
