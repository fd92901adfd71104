/** SQL that a user wrote: recognised by its words, sent as it is. */

import { UnsupportedOperation } from "../../../core/language/dialect.ts";
import type { OperationOf } from "../../../core/language/operation.ts";
import type { SqlStatement, Statement, StatementPolicy } from "../../../core/model/statement.ts";
import { InvalidSql } from "../../../core/sql/invalid-sql.ts";
import { probeOfSql } from "../../../core/sql/probe-sql.ts";
import { splitStatements } from "../../../core/sql/statements.ts";
import { remadeIn } from "../dependents.ts";
import { mayLoseColumns } from "../may-lose-columns.ts";
import { refuse } from "../refuse.ts";

/** With parameters it is one statement; without, it is cut into one for each. */
export function execute(op: OperationOf<"execute">): readonly Statement[] {
  const statements = split(op.sql);
  const parameters = op.parameters ?? [];
  if (parameters.length === 0) {
    const remade = remadeIn(statements.map(({ sql }) => sql));
    return withRealBoundaries(statements.map((one) => rawStatement(one, remade)));
  }
  return [{ sql: op.sql, parameters, policy: statementPolicy(statements[0]?.words ?? []) }];
}

function split(sql: string): readonly SqlStatement[] {
  try {
    return splitStatements(sql, "mysql");
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const { reason, line, hint } = error;
    throw new UnsupportedOperation(`read line ${line} of the SQL: ${reason}`, { hint });
  }
}

function rawStatement({ sql, words }: SqlStatement, remade: readonly string[]): Statement {
  const text = words.join(" ");
  if (words[0] === "USE") {
    // The history and the journal are in the database that the connection is in.
    refuse("change the database of its connection", "Write the database before the table's name.");
  }
  const boundary = boundaryOf(text);
  return {
    sql,
    policy: statementPolicy(words),
    probe: probeOfSql(sql, "mysql"),
    ...(remade.length > 0 && mayLoseColumns(sql)
      ? { procedure: { name: "alter_as_written", input: { sql, remade } } }
      : {}),
    ...(boundary === undefined ? {} : { boundary }),
    ...(boundary === undefined && committing.test(text) ? { alone: true } : {}),
  };
}

/** A transaction with a statement inside that commits is none: its statements run one by one, with those around. */
function withRealBoundaries(statements: readonly Statement[]): readonly Statement[] {
  return statements.filter(({ boundary }, at) => {
    if (boundary === undefined) return true;
    const inside =
      boundary === "begin"
        ? upTo("end", statements.slice(at + 1))
        : upTo("begin", statements.slice(0, at).toReversed());
    return !inside.some((statement) => statement.alone);
  });
}

function upTo(boundary: "begin" | "end", statements: readonly Statement[]): readonly Statement[] {
  const last = statements.findIndex((statement) => statement.boundary === boundary);
  return last === -1 ? statements : statements.slice(0, last);
}

function boundaryOf(text: string): "begin" | "end" | undefined {
  if (/^(BEGIN( WORK)?|START TRANSACTION\b.*)$/.test(text)) return "begin";
  return /^COMMIT( WORK)?$/.test(text) ? "end" : undefined;
}

/** How to treat a statement with these words. */
function statementPolicy(words: readonly string[]): StatementPolicy {
  const text = words.join(" ");
  if (!lockingPatterns.some((pattern) => pattern.test(text))) return { kind: "plain" };
  return { kind: /\bLOCK NONE\b/.test(text) ? "online" : "locking" };
}

/**
 * Matches statements that end a transaction by themselves.
 * https://dev.mysql.com/doc/refman/8.4/en/implicit-commit.html
 */
const committing =
  /^(ALTER|CREATE|DROP|RENAME|TRUNCATE|GRANT|REVOKE|LOCK|UNLOCK|ANALYZE|CHECK|OPTIMIZE|REPAIR|FLUSH|RESET|CACHE|LOAD INDEX|INSTALL|UNINSTALL|BEGIN|START|COMMIT|ROLLBACK)\b/;

/** https://dev.mysql.com/doc/refman/8.4/en/metadata-locking.html */
const lockingPatterns = [
  /^ALTER( ONLINE| IGNORE)* (TABLE|VIEW|SEQUENCE)\b/,
  /^DROP( TEMPORARY)? (TABLE|VIEW|INDEX|SEQUENCE|TRIGGER|DATABASE|SCHEMA)\b/,
  /^CREATE( OR REPLACE)?( ONLINE)?( UNIQUE| FULLTEXT| SPATIAL)? INDEX\b/,
  /^CREATE\b.*\bTRIGGER\b/,
  /^CREATE OR REPLACE\b.*\b(VIEW|TABLE)\b/,
  /^CREATE\b.*\bTABLE\b.*\bREFERENCES\b/,
  /^(RENAME|TRUNCATE|LOCK|OPTIMIZE|REPAIR)\b/,
];
