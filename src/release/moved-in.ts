/** Up to where a history was written for another tool: it is left as it is, for it ran elsewhere as it is. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import { eventStatement } from "../engine/event-table.ts";
import type { RunFacts } from "../engine/run-facts.ts";

/** Notes the newest file of a folder that moves in, of those that run once; nothing where there is none. */
export function movedInStatements(
  { dialect }: Session,
  history: Named,
  {
    files,
    facts,
  }: {
    /** Oldest first. */
    readonly files: readonly MigrationFile[];
    readonly facts: RunFacts;
  },
): readonly Statement[] {
  // What runs again comes behind all others, so it would stand for every file that is ever written.
  const newest = files.findLast((file) => !file.repeatable);
  if (newest === undefined) return [];
  const { version, name } = newest;
  const reason = "the safety rules refuse nothing up to this one, for it came with the history";
  const event = { version, name, direction: "up", result: "moved_in", reason } as const;
  return [eventStatement(dialect, history, { event: { ...event, duration: "NULL" }, facts })];
}
