import type { Session } from "../adapters/adapter.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { plain } from "../core/model/statement.ts";
import type { MigrationRef } from "./events.ts";
import { interruptible } from "./interruptible.ts";
import { markOf } from "./queued.ts";
import type { RunContext } from "./run-context.ts";

/**
 * The database that `m.run` functions get: the connection of the migration. It logs the statements,
 * and puts the migration's name behind them for whoever looks at the server.
 */
export function migrationDatabase(
  session: Session,
  context: RunContext,
  {
    migration,
    log,
  }: {
    readonly migration: MigrationRef;
    readonly log: (sql: string, parameters?: readonly unknown[]) => void;
  },
): MigrationDatabase {
  const mark = markOf(session, migration);
  // The mark needs a separate line: the statement may end in a comment.
  const marked = (sql: string) => (mark === "" ? sql : `${sql}\n${mark}`);
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) => {
      log(sql, parameters);
      const rows = await interruptible(context, () => session.query(marked(sql), parameters));
      return rows as readonly Row[];
    },
    change: async (sql, parameters) => {
      log(sql, parameters);
      return interruptible(context, () => session.change(marked(sql), parameters));
    },
    execute: async (sql) => {
      log(sql);
      const statements = session.dialect
        .splitStatements(sql)
        .map(({ sql, stdin }) => ({ ...plain(marked(sql)), stdin }));
      await interruptible(context, () => session.execute(statements));
    },
  };
}
