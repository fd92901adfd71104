/** Marks the end of a history that another tool wrote: the rules leave it as it is, for it ran elsewhere as it is. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import { eventStatement } from "../engine/event-table.ts";
import type { RunFacts } from "../engine/run-facts.ts";

/** Notes the newest file of a folder that moves in, of those that run once; that it moved in without any, where there is none. */
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
  // A repeatable migration comes behind all others, so it would stand for every future file.
  const { version, name } = files.findLast((file) => !file.repeatable) ?? beforeAll;
  const reason = "the safety rules refuse nothing up to this one, for it came with the history";
  const event = { version, name, direction: "up", result: "moved_in", reason } as const;
  return [eventStatement(dialect, history, { event: { ...event, duration: "NULL" }, facts })];
}

const beforeAll = { version: "0", name: undefined };
