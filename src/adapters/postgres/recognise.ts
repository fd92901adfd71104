/** What a statement is, told by its words: how it is to be treated, and whether it runs in a transaction. */
import type { SqlStatement, StatementPolicy } from "../../core/dialect.ts";
import { splitStatements } from "../../core/sql/statements.ts";

/** How to treat a statement with these words. */
export function statementPolicy(words: readonly string[]): StatementPolicy {
  const text = words.join(" ");
  if (onlinePatterns.some((pattern) => pattern.test(text))) return { kind: "online" };
  if (lockingPatterns.some((pattern) => pattern.test(text))) return { kind: "locking" };
  return { kind: "plain" };
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

/** https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES */
const lockingPatterns = [
  /^ALTER (TABLE|INDEX|VIEW|MATERIALIZED|FOREIGN|SEQUENCE|DOMAIN|TRIGGER|POLICY|RULE|EXTENSION)\b/,
  /^DROP (?!DATABASE|TABLESPACE|SUBSCRIPTION|ROLE|USER|GROUP)/,
  /^CREATE( UNIQUE)? INDEX\b/,
  /^CREATE( OR REPLACE)?( CONSTRAINT)? TRIGGER\b/,
  /^CREATE( OR REPLACE)? RULE\b/,
  /^CREATE POLICY\b/,
  /^CREATE OR REPLACE( TEMP| TEMPORARY)?( RECURSIVE)? VIEW\b/,
  /^CREATE\b.*\bTABLE\b.*\b(REFERENCES|PARTITION OF|INHERITS)\b/,
  /^(LOCK|TRUNCATE|CLUSTER|REINDEX)\b/,
  /^REFRESH MATERIALIZED VIEW\b(?! CONCURRENTLY)/,
  /^VACUUM\b.*\bFULL\b/,
];

const refusingPatterns = [
  ...concurrently,
  /^VACUUM\b/,
  /^REINDEX\b.*\b(DATABASE|SYSTEM|SCHEMA)\b/,
  /^ALTER SYSTEM\b/,
  /^(CREATE|DROP) (DATABASE|TABLESPACE|SUBSCRIPTION)\b/,
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
