/** Writes down that migrations have run, on the word of somebody else. Runs nothing of them. */
import type { Session } from "../adapters/adapter.ts";
import type { MigrationFile } from "../core/model/migration.ts";
import type { Named } from "../core/model/named.ts";
import type { Statement } from "../core/model/statement.ts";
import type { Step } from "../core/plan/step.ts";
import { type EventResult, eventStatement } from "../engine/event-table.ts";
import { loadCompression } from "../engine/kept-plan.ts";
import { recordStatement } from "../engine/record.ts";
import type { RunFacts } from "../engine/run-facts.ts";
import type { Repo } from "./config.ts";
import type { sourceOf } from "./source.ts";

/** A migration that counts as applied, and since when. Default: since now. */
export type CountsAsApplied = { readonly step: Step; readonly appliedAt?: Date | undefined };

/** The history row and the event of each. */
export function recordApplied(
  { dialect }: Session,
  history: Named,
  {
    applied,
    facts,
    result,
    reason,
  }: {
    readonly applied: readonly CountsAsApplied[];
    readonly facts: RunFacts;
    readonly result: EventResult;
    readonly reason: string;
  },
): readonly Statement[] {
  return applied.flatMap(({ step, appliedAt: at }) => {
    const { version, name } = step.file;
    const event = { version, name, direction: "up", result, reason, duration: "NULL" } as const;
    return [
      recordStatement(dialect, history, { step, facts, duration: "NULL", at }),
      eventStatement(dialect, history, { event, facts }),
    ];
  });
}

/**
 * Gives the history's record of a migration; only its name where a file of another tool is no
 * migration of ours.
 */
export async function keptStep(
  file: MigrationFile,
  place: {
    readonly repo: Repo;
    readonly source: ReturnType<typeof sourceOf>;
    readonly session: Session;
    readonly prefix?: string | undefined;
  },
): Promise<Step> {
  const { repo, source, session, prefix } = place;
  const { dialect } = session;
  const { defaults, hooks } = repo;
  const bare: Step = {
    file,
    direction: "up",
    callback: "up",
    transactional: true,
    phase: "before",
    actions: [],
  };
  try {
    const loaded = await source.load(file, dialect.syntax);
    const migration = { ...loaded, checksum: loaded.checksum ?? (await source.checksum(file)) };
    const { prepare } = await import("../core/plan/prepare.ts");
    const as = { direction: "up", dialect, defaults, hooks, prefix } as const;
    const [step = bare] = prepare({ ...as, migrations: [migration] });
    await loadCompression([step]);
    return step;
  } catch {
    return bare;
  }
}
