/** Statements by how they are to be treated when they run. Each of them commits, so none can be made one with others. */
import type { Statement, StatementPolicy } from "../../core/model/statement.ts";
import type { Clause } from "../clauses.ts";
import type { MysqlProcedure } from "./procedures/procedure.ts";
import { clauses } from "./sql-text.ts";

/** Takes no lock that others would wait for. */
export function plain(...parts: readonly Clause[]): Statement {
  return ddl(clauses(...parts), "plain");
}

/** Takes a metadata lock that readers and writers wait for. https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html */
export function locking(...parts: readonly Clause[]): Statement {
  return ddl(clauses(...parts), "locking");
}

/**
 * Work of the session, which looks at the objects that are there. `sql` shows people the statement
 * behind it.
 */
export function procedure(
  sql: string,
  procedure: MysqlProcedure,
  policy: StatementPolicy["kind"] = "locking",
): Statement {
  return { ...ddl(sql, policy), procedure };
}

/** https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html */
function ddl(sql: string, kind: StatementPolicy["kind"]): Statement {
  return { sql, policy: { kind }, alone: true };
}
