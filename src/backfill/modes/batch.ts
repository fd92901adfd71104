/** Rows through a function of the user's, a batch at a time. */
import type { Session } from "../../adapters/adapter.ts";
import type { BackfillDefinition } from "../../core/backfill/definition.ts";
import type { MigrationDatabase } from "../../core/schema/operation.ts";
import { plain } from "../statement.ts";
import type { Target } from "../target.ts";
import type { Applied } from "./apply.ts";
import { readRows } from "./rows.ts";

/** The function may do anything in the transaction; its rows are locked. A batch without rows does not reach it. */
export async function applyBatch(
  session: Session,
  target: Target,
  work: { readonly batch: NonNullable<BackfillDefinition["batch"]>; readonly rows: string },
): Promise<Applied> {
  const found = await readRows(session, target, { rows: work.rows, lock: true });
  if (found.length > 0)
    await work.batch(
      found.map(({ row }) => row),
      databaseOf(session),
    );
  return { changed: found.length, failed: [] };
}

/** What functions of the user's are given. */
export function databaseOf(session: Session): MigrationDatabase {
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
      (await session.query(sql, parameters)) as readonly Row[],
    execute: (sql) =>
      session.execute(
        session.dialect.splitStatements(sql).map((statement) => plain(statement.sql)),
      ),
  };
}
