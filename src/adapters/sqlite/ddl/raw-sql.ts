/** SQL that the user wrote. */
import type { Statement } from "../../../core/dialect.ts";
import type { OperationOf } from "../../../core/schema/operation.ts";
import { splitStatements } from "../../../core/sql/statements.ts";
import { plain } from "../statement.ts";

/** One statement each, so that a failure names the one that failed. */
export function execute(op: OperationOf<"execute">): readonly Statement[] {
  if (op.parameters !== undefined) return [plain(op.sql, op.parameters)];
  return splitStatements(op.sql, "sqlite").map(({ sql }) => plain(sql));
}

/**
 * Whether SQLite refuses the SQL inside a transaction, or does not do there what it says:
 * https://www.sqlite.org/lang_vacuum.html, https://www.sqlite.org/pragma.html#pragma_foreign_keys,
 * https://www.sqlite.org/pragma.html#pragma_journal_mode, https://www.sqlite.org/lang_attach.html.
 */
export function refusesTransaction(op: OperationOf<"execute">): boolean {
  return splitStatements(op.sql, "sqlite").some(({ words }) => isRefused(words));
}

const refused = new Set(["VACUUM", "ATTACH", "DETACH", "BEGIN", "COMMIT", "END"]);
const refusedPragmas = new Set(["FOREIGN_KEYS", "JOURNAL_MODE", "SYNCHRONOUS", "TEMP_STORE"]);

function isRefused([first = "", ...rest]: readonly string[]): boolean {
  return first === "PRAGMA" ? rest.some((word) => refusedPragmas.has(word)) : refused.has(first);
}
