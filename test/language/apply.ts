/** Runs a migration the way the engine does, without its history: record, reverse, compile, execute. */
import type { Session } from "../../src/adapters/adapter.ts";
import type { SchemaDefaults } from "../../src/core/language/defaults.ts";
import type { MigrationDefinition } from "../../src/core/language/migration-definition.ts";
import type { ColumnFill } from "../../src/core/language/safe/column-fill.ts";
import type { Direction } from "../../src/core/model/migration.ts";
import type { MigrationDatabase } from "../../src/core/model/migration-database.ts";
import { prepare } from "../../src/core/plan/prepare.ts";
import type { ReadFile } from "../../src/core/plan/read-files.ts";
import type { Step } from "../../src/core/plan/step.ts";

/** A migration, and what a repo says for it. */
export type Applied = {
  readonly migration: MigrationDefinition;
  readonly defaults?: SchemaDefaults | undefined;
  readonly readFile?: ReadFile | undefined;
};

/** Carries a migration out; inside a transaction where it can be. */
export async function apply(
  session: Session,
  applied: Applied,
  direction: Direction,
): Promise<void> {
  const { dialect } = session;
  const { migration: definition, defaults = {}, readFile } = applied;
  const file = { id: "1_case", version: "1", name: "case", origin: "1_case.ts" };
  const migrations = [{ file, definition, readFile }];
  for (const step of prepare({ direction, migrations, dialect, defaults })) {
    if (!step.transactional) await runActions(session, step);
    else await inTransaction(session, () => runActions(session, step));
  }
}

async function inTransaction(session: Session, work: () => Promise<void>): Promise<void> {
  const { begin, commit, rollback } = session.dialect;
  await session.query(begin);
  try {
    await work();
    await session.query(commit);
  } catch (error) {
    await session.query(rollback);
    throw error;
  }
}

async function runActions(session: Session, step: Step): Promise<void> {
  for (const action of step.actions) {
    if (action.kind === "run") await action.run(databaseOf(session));
    else if (action.kind === "backfill") await session.query(updateOf(action.backfill, session));
    else if (step.transactional) await session.execute(action.statements);
    else if (action.together)
      await inTransaction(session, () => session.execute(action.statements));
    else for (const statement of action.statements) await session.execute([statement]);
  }
}

/** All at once: how it is cut into batches is not of the language. */
function updateOf({ table, set, where }: ColumnFill, { dialect }: Session): string {
  return `UPDATE ${dialect.quoteNamed(table)} SET ${set} WHERE ${where}`;
}

function databaseOf(session: Session): MigrationDatabase {
  return {
    query: async <Row>(sql: string, parameters?: readonly unknown[]) =>
      (await session.query(sql, parameters)) as readonly Row[],
    change: (sql, parameters) => session.change(sql, parameters),
    execute: async (sql) => void (await session.query(sql)),
  };
}
