/** Recognises a statement by its words: how to treat it, and whether it runs in a transaction. */
import type { SqlStatement, StatementPolicy } from "../../core/model/statement.ts";
import { splitStatements } from "../../core/sql/statements.ts";

/**
 * How to treat a statement with these words. An unknown statement counts as taking a strong lock.
 */
export function statementPolicy(words: readonly string[]): StatementPolicy {
  const text = words.join(" ");
  if (onlinePatterns.some((pattern) => pattern.test(text))) return { kind: "online" };
  if (lockingPatterns.some((pattern) => pattern.test(text))) return { kind: "locking" };
  return { kind: plainPatterns.some((pattern) => pattern.test(text)) ? "plain" : "locking" };
}

/**
 * Whether PostgreSQL refuses the statement inside a transaction block, or it would end the one it is in.
 * https://www.postgresql.org/docs/current/sql-vacuum.html and the Notes of each command below.
 */
export function refusesTransactionBlock({ sql, words }: SqlStatement): boolean {
  const text = words.join(" ");
  if (words[0] === "DO") return endsTransaction(sql);
  return refusingPatterns.some((pattern) => pattern.test(text));
}

/** Whether a file's own transaction begins or ends here. */
export function transactionBoundary(words: readonly string[]): "begin" | "end" | undefined {
  const text = words.join(" ");
  if (/^(BEGIN|START TRANSACTION)\b/.test(text)) return "begin";
  return /^(COMMIT|END)\b/.test(text) && !words.includes("PREPARED") ? "end" : undefined;
}

const concurrently = [
  /^(CREATE|DROP)( UNIQUE)? INDEX CONCURRENTLY\b/,
  /^REINDEX\b.*\bCONCURRENTLY\b/,
  /^ALTER TABLE\b.*\bDETACH PARTITION\b.*\bCONCURRENTLY$/,
];

const onlinePatterns = [
  ...concurrently,
  // Alone; beside another change the whole statement takes the lock of that change.
  /^ALTER TABLE(?!.*\b(ADD|ALTER|DROP|SET|RENAME)\b.*)\b.*\bVALIDATE CONSTRAINT\b/,
];

/**
 * Those of the plain statements that take a strong lock.
 * https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES
 */
const lockingPatterns = [
  /^CREATE\b.*\bTABLE\b.*\b(REFERENCES|PARTITION OF|INHERITS)\b/,
  /^CREATE OR REPLACE( TEMP| TEMPORARY)?( RECURSIVE)? VIEW\b/,
  /^VACUUM\b.*\bFULL\b/,
];

/**
 * Statements that read and write rows, make objects that nobody uses yet, or take locks that no
 * reader or writer waits for.
 */
const plainPatterns = [
  /^(SELECT|TABLE|VALUES|WITH|INSERT|UPDATE|DELETE|MERGE|COPY|EXPLAIN|ANALYZE|VACUUM)\b/,
  /^(SET|RESET|SHOW|DISCARD|LISTEN|UNLISTEN|NOTIFY|PREPARE|EXECUTE|DEALLOCATE|DECLARE|FETCH|MOVE|CLOSE|LOAD|CHECKPOINT)\b/,
  /^(BEGIN|START|COMMIT|END|ABORT|ROLLBACK|SAVEPOINT|RELEASE)\b/,
  /^(GRANT|REVOKE|COMMENT|SECURITY)\b/,
  /^CREATE( OR REPLACE)?( GLOBAL| LOCAL)?( TEMP| TEMPORARY| UNLOGGED)? TABLE\b/,
  /^CREATE( TEMP| TEMPORARY)?( RECURSIVE)? VIEW\b/,
  /^CREATE MATERIALIZED VIEW\b/,
  /^CREATE( TEMP| TEMPORARY| UNLOGGED)? SEQUENCE\b/,
  /^CREATE( OR REPLACE)? (FUNCTION|PROCEDURE|AGGREGATE|TRUSTED|PROCEDURAL|LANGUAGE)\b/,
  /^CREATE (SCHEMA|TYPE|DOMAIN|EXTENSION|ROLE|USER|GROUP|DATABASE|TABLESPACE|SUBSCRIPTION|STATISTICS|COLLATION|CAST|OPERATOR|SERVER|TEXT)\b/,
  /^(ALTER|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION|ROLE|USER|GROUP|SYSTEM)\b/,
  /^ALTER (SYSTEM|DEFAULT|FUNCTION|PROCEDURE|SCHEMA)\b/,
  /^ALTER TYPE\b.*\b(ADD|RENAME) VALUE\b/,
  /^REFRESH MATERIALIZED VIEW CONCURRENTLY\b/,
];

const refusingPatterns = [
  ...concurrently,
  /^VACUUM\b/,
  /^REINDEX\b.*\b(DATABASE|SYSTEM|SCHEMA)\b/,
  /^ALTER SYSTEM\b/,
  /^DISCARD ALL\b/,
  /^(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
  // https://www.postgresql.org/docs/current/sql-altersubscription.html
  /^ALTER SUBSCRIPTION\b.*\b(REFRESH|SET|ADD|DROP) PUBLICATION\b/,
  /^ALTER DATABASE\b.*\bSET TABLESPACE\b/,
  /^(BEGIN|START TRANSACTION|COMMIT|END|ABORT|PREPARE TRANSACTION)\b/,
  /^ROLLBACK\b(?!.*\bTO\b)/,
];

/** Whether the body of a DO block commits or rolls back, which it may only outside of a transaction. */
function endsTransaction(sql: string): boolean {
  const body = /(\$\w*\$)([\s\S]*)\1/.exec(sql)?.[2] ?? "";
  return splitStatements(body, "postgres").some(({ words }) =>
    /\b(COMMIT|ROLLBACK)( AND( NO)? CHAIN)?$/.test(words.join(" ")),
  );
}
