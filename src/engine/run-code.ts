/** Code of the user's at work. Loaded where a migration has some. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationDatabase } from "../core/model/migration-database.ts";
import { migrationDatabase } from "./migration-database.ts";
import type { RunContext } from "./run-context.ts";
import { unlessLeft } from "./unless-left.ts";

/** Gives it the connection of the migration, and leaves it alone when the run is to stop. */
export async function runCode(
  code: { run(database: MigrationDatabase): unknown },
  at: {
    readonly session: Session;
    readonly context: RunContext;
    readonly log: (sql: string, parameters?: readonly unknown[]) => void;
  },
): Promise<void> {
  const { session, context, log } = at;
  await unlessLeft(context, async () => code.run(migrationDatabase(session, context, log)));
}
