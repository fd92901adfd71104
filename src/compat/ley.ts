/** Migrations of ley, which need no library: ley gives them the connection of the driver. */
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { codeMigration, exportsOf } from "./foreign-module.ts";
import { mysqlConnection } from "./mysql-connection.ts";
import { PgClient } from "./pg-client.ts";
import { type Send, sender } from "./sent.ts";
import { taggedSql } from "./tagged-sql.ts";

/** Which driver your ley has. */
export type LeyMigrationsOptions = {
  /**
   * Default: `pg` on PostgreSQL, and on MySQL the calls that both `mysql` and `mysql2` understand.
   */
  readonly driver?: "pg" | "postgres";
};

/**
 * Runs modules of ley, `up(client)` and `down(client)`, each in a transaction of Slipway's unless it exports
 * `transaction = false`. A transaction that one begins is a savepoint.
 */
export function leyMigrations({ driver }: LeyMigrationsOptions = {}): ForeignModules {
  return {
    tool: "ley",
    readsBelow: true,
    definition(exported, { syntax }) {
      const given = exportsOf(exported);
      if (given === undefined) return undefined;
      if (syntax === "sqlite")
        throw new Error(
          "modules of ley run on PostgreSQL, MySQL and MariaDB only: on SQLite ley gives them a driver that waits for nothing",
        );
      // MySQL cannot roll its DDL back: a migration there is in no transaction, and the tool's own is its own.
      const transaction = syntax !== "mysql" && given.transaction !== false;
      const way = (name: "up" | "down") => async (db: MigrationDatabase) => {
        const send = sender(db, { transaction, syntax });
        await (given[name] as (client: object) => unknown)(clientOf(send, syntax, driver));
      };
      return codeMigration("ley", given, {
        up: way("up"),
        ...(typeof given.down === "function" ? { down: way("down") } : {}),
        ...{ transaction, syntax },
      });
    },
  };
}

function clientOf(
  send: Send,
  syntax: Exclude<SqlSyntax, "sqlite">,
  driver: LeyMigrationsOptions["driver"],
): object {
  if (syntax === "mysql") return mysqlClient(send);
  return driver === "postgres" ? taggedSql(send) : new PgClient(send);
}

type Answered = (error: unknown, rows?: unknown, fields?: readonly unknown[]) => void;
type Run = (sql: string, values: readonly unknown[], answered: Answered) => void;

/** `mysql` calls back, and ley adds `run`; `mysql2` gives promises of rows and fields. */
function mysqlClient(send: Send): object {
  const { query: run } = mysqlConnection(send) as { readonly query: Run };
  const query = (sql: string, values?: readonly unknown[] | Answered, given?: Answered) => {
    const answered = typeof values === "function" ? values : given;
    const parameters = typeof values === "function" ? [] : (values ?? []);
    if (answered !== undefined) return run(sql, parameters, answered);
    return new Promise((done, fail) => {
      run(sql, parameters, (error, rows) => (error ? fail(error) : done([rows, []])));
    });
  };
  const rowsOf = async (sql: string, values?: readonly unknown[]) => {
    const [rows] = (await query(sql, values)) as readonly [rows: unknown];
    return rows;
  };
  return { query, execute: query, run: rowsOf };
}
