/** The user's own Kysely on a connection of Slipway's. */
import type { DatabaseConnection, Dialect, Driver } from "kysely";
import type { SqlSyntax } from "../core/sql/token.ts";
import { lastId } from "./last-id.ts";
import type { Send } from "./sent.ts";

type Library = typeof import("kysely");

/** How it speaks to the database, which `send` reaches. */
export function dialectOf(kysely: Library, syntax: SqlSyntax, send: Send): Dialect {
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
