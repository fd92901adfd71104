/**
 * Announces the first statement of the next migration in the transaction that records this one. A separate transaction
 * would be one message more, and wait for the disk once more. Only where the catalog knows by itself whether that
 * statement ran: then a run that ends in between leaves no question.
 */
import type { Statement } from "../core/model/statement.ts";
import type { Step } from "../core/plan/step.ts";
import { settingsOf, startedStatement } from "./announced.ts";
import { announcedAlong } from "./announced-along.ts";
import { forgetAllStatement, type JournalKey, keepStatements } from "./journal.ts";
import type { LockSettings } from "./online.ts";
import { isOpaque } from "./opaque-step.ts";
import { StepWork } from "./step-work.ts";
import { type AloneUnit, type Unit, unitsOf } from "./units.ts";

/** What was announced for a migration that has not begun. */
export type AnnouncedAhead = {
  /** Ends the announcement of a migration that will not begin in this run. */
  takeBack(): Promise<void>;
};

type Announcement = {
  readonly key: JournalKey;
  readonly lines: readonly Statement[];
  readonly settings: LockSettings | undefined;
};

/** Sends `record` as one transaction, and with it the announcement of the next migration where that can be. */
export async function recordAndAnnounce(
  work: StepWork,
  record: () => void,
): Promise<AnnouncedAhead | undefined> {
  const next = await announcementOf(work);
  if (next === undefined) {
    await work.atomically(record);
    return undefined;
  }
  const { key, lines, settings } = next;
  const queue = () => {
    record();
    for (const statement of lines) work.addOwn(statement);
  };
  await work.atomically(queue, { behind: settings?.before ?? [] });
  return {
    takeBack: () =>
      work.atomically(() => work.addOwn(forgetAllStatement(work.session.dialect, key)), {
        behind: settings?.after ?? [],
      }),
  };
}

async function announcementOf(work: StepWork): Promise<Announcement | undefined> {
  const { step, context } = work;
  const { next } = work.place;
  if (next === undefined || isOpaque(step) || !isNew(next, work)) return undefined;
  const units = unitsOf(next);
  const [first] = units;
  if (first === undefined || !isKnownToCatalog(first)) return undefined;
  const { dialect } = work.session;
  const history = { table: context.historyTable, repo: context.repo };
  const key: JournalKey = { history, version: next.file.version, direction: next.direction };
  const along = announcedAlong(first, units, new Map());
  const kept = next.kept === undefined ? [] : keepStatements(dialect, key, next.kept);
  const started = [first, ...along].map((unit) => startedStatement(dialect, key, unit));
  const { version, name } = next.file;
  const migration = { repo: context.repo, version, name };
  // Its lock settings are those of its own policy.
  const place = { work: new StepWork(next, migration, context), along };
  return { key, lines: [...kept, ...started], settings: await settingsOf(first, place) };
}

/** Whether it goes up behind this one, unit by unit, and the journal has nothing of it. */
function isNew(next: Step, { step, session, context }: StepWork): boolean {
  if (session.dialect.transactionalDdl || step.direction !== "up" || next.direction !== "up")
    return false;
  if (next.transactional || next.file.repeatable || next.backfill !== undefined) return false;
  return context.begun?.has(next.file.version) === false;
}

function isKnownToCatalog(unit: Unit): unit is AloneUnit {
  return unit.kind === "alone" && unit.probe !== undefined && "expect" in unit.probe;
}
