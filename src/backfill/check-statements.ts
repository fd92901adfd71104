/** Has the database read the statements of a backfill before any of them runs: EXPLAIN plans and does nothing. */

import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { withValues } from "./limits.ts";
import { insertSql, setSql } from "./modes/sql.ts";
import type { BackfillTarget } from "./target.ts";

/**
 * @throws {ReleaseError} `rows_hidden`, and `backfill_refused` with the database's objection to one
 * of them
 */
export async function checkStatements(session: Session, target: BackfillTarget): Promise<void> {
  for (const { what, sql } of statementsOf(session, target)) {
    try {
      await withValues(session, target, () => session.query(`EXPLAIN ${sql}`));
    } catch (error) {
      const kind = session.errorKind(error);
      if (kind === "connection_lost") throw error;
      const { repo, version, name } = target.ref;
      const words = messageOf(error);
      if (kind === "rows_hidden")
        throw new ReleaseError(
          "rows_hidden",
          { repo, version, name, reason: words },
          { cause: error },
        );
      const reason = `${what}: ${words}`;
      const hint = "Correct the file, or run the schema migrations first. Nothing has run.";
      throw new ReleaseError(
        "backfill_refused",
        { repo, version, name, reason, hint },
        { cause: error },
      );
    }
  }
}

/** Over the table and not over a snapshot of it, which is not there yet. */
function statementsOf(session: Session, target: BackfillTarget) {
  const { backfill } = target;
  const { mode, where, verify } = backfill;
  const { dialect } = session;
  const whole = { ...target, condition: "" };
  const none = `1 ${dialect.operator("=")} 0`;
  const rows = where === undefined ? none : `(${where}) AND ${none}`;
  return [
    ...(mode.kind === "set" ? [{ what: "set", sql: setSql(session, whole, { mode, rows }) }] : []),
    ...(mode.kind === "insert"
      ? [{ what: "insert", sql: insertSql(session, whole, { mode, rows }) }]
      : []),
    { what: "where", sql: `SELECT 1 FROM ${dialect.quoteNamed(backfill.table)} WHERE ${rows}` },
    ...(verify === undefined ? [] : [{ what: "verify", sql: verify }]),
  ];
}
