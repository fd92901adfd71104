/** Code of the user's at work. Loaded where a migration has some. */
import type { Session } from "../adapters/adapter.ts";
import { streamedBy } from "../core/language/operation.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";
import type { MigrationRef } from "./events.ts";
import { migrationDatabase } from "./migration-database.ts";
import type { RunContext } from "./run-context.ts";
import { withSent } from "./sent-by-code.ts";
import { unlessLeft } from "./unless-left.ts";

/**
 * Gives it the connection of the migration, and leaves it alone when the run is to stop. Gives the step with the
 * statements that the history keeps of it.
 */
export async function runCode(
  action: Extract<Action, { kind: "run" }>,
  at: {
    readonly session: Session;
    readonly context: RunContext;
    readonly migration: MigrationRef;
    readonly log: (sql: string, parameters?: readonly unknown[]) => void;
    readonly step: Step;
  },
): Promise<Step> {
  const { session, context, migration, log, step } = at;
  const file = streamedBy(action.run);
  if (file !== undefined) {
    const { sendFile } = await import("./send-file.ts");
    await sendFile(file, { session, context, log });
    return step;
  }
  const sent: string[] = [];
  const heard = (sql: string, parameters?: readonly unknown[]) => {
    sent.push(sql);
    log(sql, parameters);
  };
  const database = migrationDatabase(session, context, { migration, log: heard });
  await unlessLeft(context, async () => action.run(database));
  return withSent(step, action, sent);
}
