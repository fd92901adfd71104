/** SQL that a user wrote: recognised by its words, sent as it is. */

import { UnsupportedOperation } from "../../core/language/dialect.ts";
import type { OperationOf } from "../../core/language/operation.ts";
import type { SqlStatement, Statement } from "../../core/model/statement.ts";
import { InvalidSql } from "../../core/sql/invalid-sql.ts";
import { probeOfSql } from "../../core/sql/probe-sql.ts";
import { splitStatements } from "../../core/sql/statements.ts";
import { refusesTransactionBlock, statementPolicy, transactionBoundary } from "./recognise.ts";

/** With parameters it is one statement; without, it is cut into one for each. */
export function execute(op: OperationOf<"execute">): readonly Statement[] {
  const statements = split(op.sql);
  const parameters = op.parameters ?? [];
  if (parameters.length === 0) {
    return statements.map(rawStatement);
  }
  return [{ sql: op.sql, parameters, policy: statementPolicy(statements[0]?.words ?? []) }];
}

function rawStatement(statement: SqlStatement): Statement {
  const { sql, words, stdin } = statement;
  const boundary = transactionBoundary(words);
  const alone = boundary === undefined && refusesTransactionBlock(statement);
  // A block that commits by itself works in short transactions, and how long each may wait is its own to say.
  const policy = alone && words[0] === "DO" ? ({ kind: "plain" } as const) : statementPolicy(words);
  return {
    sql,
    policy,
    probe: probeOfSql(sql, "postgres"),
    ...(boundary === undefined ? {} : { boundary }),
    ...(alone ? { alone } : {}),
    ...(stdin === undefined ? {} : { stdin }),
  };
}

/**
 * Whether one of the statements cannot run inside a transaction. It leaves SQL that cannot be read
 * to `execute`, which refuses it.
 */
export function executeRefusesTransaction(op: OperationOf<"execute">): boolean {
  try {
    return splitStatements(op.sql, "postgres").some(refusesTransactionBlock);
  } catch (error) {
    if (error instanceof InvalidSql) return false;
    throw error;
  }
}

function split(sql: string): readonly SqlStatement[] {
  try {
    return splitStatements(sql, "postgres");
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const { reason, line, hint } = error;
    throw new UnsupportedOperation(`read line ${line} of the SQL: ${reason}`, { hint });
  }
}
