import type { Session } from "../adapters/adapter.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { plain } from "../core/model/statement.ts";
import { interruptible } from "./interruptible.ts";
import type { RunContext } from "./run-context.ts";

/** What `m.run` functions are given: the connection of the migration, with its statements logged. */
export function migrationDatabase(
  session: Session,
  context: RunContext,
  log: (sql: string, parameters?: readonly unknown[]) => void,
): MigrationDatabase {
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
      log(sql, parameters);
      const rows = await interruptible(context, () => session.query(sql, parameters));
      return rows as readonly Row[];
    },
    change: async (sql, parameters) => {
      log(sql, parameters);
      return interruptible(context, () => session.change(sql, parameters));
    },
    execute: async (sql) => {
      log(sql);
      const statements = session.dialect
        .splitStatements(sql)
        .map(({ sql, stdin }) => ({ ...plain(sql), stdin }));
      await interruptible(context, () => session.execute(statements));
    },
  };
}
