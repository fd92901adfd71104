/** `execute` of a session whose driver takes one statement at a time. */
import { messageOf } from "../core/model/message-of.ts";
import type { Statement } from "../core/model/statement.ts";
import { StatementFailed } from "./adapter.ts";

/**
 * Runs each statement, and says which one failed.
 *
 * @throws {StatementFailed} with the index of the statement, and the error of the driver as its cause
 */
export async function runInOrder(
  statements: readonly Statement[],
  run: (statement: Statement) => Promise<unknown>,
): Promise<void> {
  for (const [index, statement] of statements.entries()) {
    try {
      await run(statement);
    } catch (cause) {
      const message = messageOf(cause);
      throw new StatementFailed(message, { index, cause });
    }
  }
}
