/** Migrations of Kysely, run by the user's own Kysely on the connection of the migration. */
import type { DatabaseConnection, Dialect, Driver, Kysely, KyselyPlugin } from "kysely";
import { importDriver } from "../adapters/import-driver.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, exportsOf } from "./foreign-module.ts";
import { lastId } from "./last-id.ts";
import { type Send, sender } from "./sent.ts";

/** How your Kysely is set up. */
export type KyselyMigrationsOptions = {
  /** What your own Kysely has, such as `CamelCasePlugin`. Default: none. */
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
type Library = typeof import("kysely");

const names = { driver: "kysely", adapter: "compat/kysely" };

function dialectOf(kysely: Library, syntax: SqlSyntax, send: Send): Dialect {
  const createDriver = () => driver(kysely, syntax, send);
  switch (syntax) {
    case "postgres":
      return {
        createDriver,
        createAdapter: () => new kysely.PostgresAdapter(),
        createIntrospector: (db) => new kysely.PostgresIntrospector(db),
        createQueryCompiler: () => new kysely.PostgresQueryCompiler(),
      };
    case "sqlite":
      return {
        createDriver,
        createAdapter: () => new kysely.SqliteAdapter(),
        createIntrospector: (db) => new kysely.SqliteIntrospector(db),
        createQueryCompiler: () => new kysely.SqliteQueryCompiler(),
      };
    case "mysql":
      return {
        createDriver,
        createAdapter: () => new kysely.MysqlAdapter(),
        createIntrospector: (db) => new kysely.MysqlIntrospector(db),
        createQueryCompiler: () => new kysely.MysqlQueryCompiler(),
      };
  }
}

/** One connection for all, whose savepoints are SQL that every database reads. */
function driver({ CompiledQuery }: Library, syntax: SqlSyntax, send: Send): Driver {
  const connection: DatabaseConnection = {
    async executeQuery({ sql, parameters }) {
      const { rows, rowCount, command } = await send(sql, parameters);
      if (!/^(?:INSERT|UPDATE|DELETE|MERGE|REPLACE)$/.test(command)) return { rows: rows as never };
      const id = command === "INSERT" ? await lastId(send, syntax) : undefined;
      return {
        rows: rows as never,
        numAffectedRows: BigInt(rowCount),
        ...(id === undefined ? {} : { insertId: BigInt(String(id)) }),
      };
    },
    async *streamQuery(query) {
      yield await connection.executeQuery(query);
    },
  };
  const raw = (sql: string) => async () => {
    await connection.executeQuery(CompiledQuery.raw(sql));
  };
  const savepoint = (words: string) => (_: unknown, name: string) => raw(`${words} ${name}`)();
  return {
    init: async () => undefined,
    acquireConnection: async () => connection,
    beginTransaction: raw("BEGIN"),
    commitTransaction: raw("COMMIT"),
    rollbackTransaction: raw("ROLLBACK"),
    savepoint: savepoint("SAVEPOINT"),
    rollbackToSavepoint: savepoint("ROLLBACK TO SAVEPOINT"),
    releaseSavepoint: savepoint("RELEASE SAVEPOINT"),
    releaseConnection: async () => undefined,
    destroy: async () => undefined,
  };
}
