/** Code of the user's at work on one tenant. Loaded where a migration has some. */
import type { Session } from "../adapters/adapter.ts";
import type { Action } from "../core/plan/action.ts";
import type { Step } from "../core/plan/step.ts";
import { migrationDatabase } from "../engine/migration-database.ts";
import type { RunContext } from "../engine/run-context.ts";
import { unlessLeft } from "../engine/unless-left.ts";
import type { FleetContext } from "./fleet-context.ts";

/** Gives code the connection, on which names mean objects in the tenant's schema. */
export async function runTenantCode(
  action: Extract<Action, { kind: "run" }>,
  at: {
    readonly session: Session;
    readonly step: Step | undefined;
    readonly context: FleetContext;
  },
): Promise<void> {
  const { session, step, context } = at;
  const { repo, edge, policies, facts, tables, open } = context;
  const run: RunContext = {
    ...{ repo, session, policies, facts, edge },
    ...{ lease: undefined, fence: undefined, watcher: undefined },
    ...{ reopen: open, observe: open, lane: "schema", historyTable: tables.history },
  };
  const { version = "", name = "" } = step?.file ?? {};
  const log = (sql: string, parameters?: readonly unknown[]) =>
    edge.emit({
      ...{ type: "sql", repo, by: "migration", sql },
      ...(parameters === undefined ? {} : { parameters }),
    });
  const database = migrationDatabase(session, run, { migration: { repo, version, name }, log });
  await unlessLeft(run, async () => action.run(database));
}
