/** SQL that the user wrote: recognised by its words, sent as it is. */

import { UnsupportedOperation } from "../../../core/language/dialect.ts";
import type { OperationOf } from "../../../core/language/operation.ts";
import type { SqlStatement, Statement } from "../../../core/model/statement.ts";
import { InvalidSql } from "../../../core/sql/invalid-sql.ts";
import { splitStatements } from "../../../core/sql/statements.ts";
import { plain } from "../statement.ts";
import {
  dropColumnStatement,
  foreignKeysStatement,
  rebuildStatement,
  switchesForeignKeys,
} from "./own-rebuild.ts";

/** With parameters it is one statement; without, it is cut, so that a failure names the one that failed. */
export function execute(op: OperationOf<"execute">): readonly Statement[] {
  const statements = split(op.sql);
  if (op.parameters !== undefined && op.parameters.length > 0)
    return [plain(op.sql, op.parameters)];
  const hasOwnRebuild = statements.some(({ sql }) => switchesForeignKeys(sql) !== undefined);
  return statements.map((statement) => rawStatement(statement, hasOwnRebuild));
}

function rawStatement({ sql, words }: SqlStatement, hasOwnRebuild: boolean): Statement {
  const foreignKeys = switchesForeignKeys(sql);
  if (foreignKeys !== undefined) return foreignKeysStatement(sql, foreignKeys);
  const [first = ""] = words;
  const boundary =
    first === "BEGIN" ? "begin" : first === "COMMIT" || first === "END" ? "end" : undefined;
  return {
    ...(dropColumnStatement(sql) ?? (hasOwnRebuild ? rebuildStatement(sql) : plain(sql))),
    ...(first === "VACUUM" ? { probe: { kind: "repeatable" } } : {}),
    ...(isSetting(words) ? { probe: { kind: "setting" } } : {}),
    ...(boundary === undefined ? {} : { boundary }),
    ...(boundary === undefined && isRefused(words) ? { alone: true } : {}),
  };
}

/** Whether the statement sets something of the connection, so that a new one needs it again. */
function isSetting([first = ""]: readonly string[]): boolean {
  return ["PRAGMA", "ATTACH", "DETACH"].includes(first);
}

/**
 * Whether SQLite refuses the SQL inside a transaction, or does not do it there:
 * https://www.sqlite.org/lang_vacuum.html,
 * https://www.sqlite.org/pragma.html#pragma_journal_mode, https://www.sqlite.org/lang_attach.html.
 * It leaves SQL that cannot be read to `execute`, which refuses it.
 */
export function refusesTransaction(op: OperationOf<"execute">): boolean {
  try {
    return splitStatements(op.sql, "sqlite").some(({ words }) => isRefused(words));
  } catch (error) {
    if (error instanceof InvalidSql) return false;
    throw error;
  }
}

const refused = new Set(["VACUUM", "ATTACH", "DETACH", "BEGIN", "COMMIT", "END"]);
const refusedPragmas = new Set(["JOURNAL_MODE", "SYNCHRONOUS", "TEMP_STORE"]);

function isRefused([first = "", ...rest]: readonly string[]): boolean {
  if (first === "PRAGMA") return rest.some((word) => refusedPragmas.has(word));
  return refused.has(first) || (first === "ROLLBACK" && !rest.includes("TO"));
}

function split(sql: string): readonly SqlStatement[] {
  try {
    return splitStatements(sql, "sqlite");
  } catch (error) {
    if (!(error instanceof InvalidSql)) throw error;
    const { reason, line, hint } = error;
    throw new UnsupportedOperation(`read line ${line} of the SQL: ${reason}`, { hint });
  }
}
