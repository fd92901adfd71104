/**
 * Statements of ours in one message. MariaDB takes several as one compound statement, which ends at the first that
 * fails. MySQL has none outside of stored programs. https://mariadb.com/kb/en/begin-end/
 */
import type { Statement } from "../../core/model/statement.ts";
import { literal } from "./literal.ts";
import type { MysqlProcedure } from "./procedures/procedure.ts";
import { lockLost } from "./procedures/prove-lock.ts";

/** In characters: a longer one is no faster as part of a message, and could be too much for one. */
const longest = 100_000;

/** The statements in their order, those that go together as one part. */
export function partsOf(statements: readonly Statement[]): readonly (readonly Statement[])[] {
  const parts: Statement[][] = [];
  let length = 0;
  for (const statement of statements) {
    const part = parts.at(-1);
    const before = part?.at(-1);
    length += statement.sql.length;
    if (part !== undefined && isJoined(before) && isJoined(statement) && length <= longest)
      part.push(statement);
    else {
      parts.push([statement]);
      length = statement.sql.length;
    }
  }
  return parts;
}

/** One compound statement. A transaction begins in it with other words than the block itself. */
export function blockOf(statements: readonly Statement[]): string {
  return `BEGIN NOT ATOMIC\n${statements.map((statement) => `${inBlock(statement)};\n`).join("")}END`;
}

/** The server reads a block as a whole before it begins: a mode that one statement sets does not reach those behind it. */
const setsMode = /\bsql_mode\b/i;

function isJoined(statement: Statement | undefined): boolean {
  if (statement?.joins !== true || statement.parameters !== undefined) return false;
  if (setsMode.test(statement.sql) && statement.sql.startsWith("SET ")) return false;
  return statement.procedure === undefined || statement.procedure.name === "prove_lock";
}

/** Inside of a block a statement can fail on a condition. */
function inBlock({ sql, procedure }: Statement): string {
  if (procedure === undefined) return sql;
  const { input } = procedure as MysqlProcedure<"prove_lock">;
  const { sql: proof, write } = input;
  return `${write === undefined ? "" : `${write};\n`}IF (${proof}) IS NULL THEN SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = ${literal(lockLost)}; END IF`;
}
