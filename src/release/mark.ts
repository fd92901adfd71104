/** Settles what an interrupted run left in doubt, by the word of somebody who has looked. */

import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { eventStatement, type NewEvent } from "../engine/event-table.ts";
import { ensureHistory, readHistory } from "../engine/history.ts";
import {
  forgetAllStatement,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
  readJournal,
} from "../engine/journal.ts";
import { laneOf } from "./lane.ts";
import { meantVersion } from "./meant-version.ts";
import { openSession } from "./open.ts";
import type { MarkAs, MarkRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";
import { type Holding, underLock } from "./under-lock.ts";

/**
 * Marks the statement of this version that was interrupted, or all that ran of it. Runs nothing of the migration.
 *
 * @throws {ReleaseError} `nothing_to_mark`, `version_ambiguous`, `lock_held`
 */
export async function mark(request: MarkRequest, world: RunWorld): Promise<void> {
  const { repo, options } = request;
  const lane = laneOf(repo, request.lane, options);
  const { mayBeMissing } = lane;
  const source = sourceOf(lane.migrations, { repo: repo.name, root: world.root, mayBeMissing });
  const { files } = await source.list();
  const version = meantVersion(repo.name, request.version, files);
  const session = await openSession(repo, { role: "work", ...world });
  try {
    await underLock({ repo, lane, session }, { options: {}, world }, ({ held }) =>
      reading(session, world, () => settleAs({ ...request, version }, { session, held, world })),
    );
  } finally {
    await session.close();
  }
}

async function settleAs(
  { repo, lane, options, version, as }: MarkRequest,
  {
    session,
    held,
    world,
  }: { session: Session; held: Holding["held"] | undefined; world: RunWorld },
): Promise<void> {
  const { historyTable } = laneOf(repo, lane, options);
  const history = { table: historyTable, repo: repo.name };
  // Another tool's table of that name would have no journal of ours.
  await readHistory(session, history, []);
  const { dialect } = session;
  const settled = await settling(session, { history, version }, as);
  if (settled.length === 0) throw new ReleaseError("nothing_to_mark", { repo: repo.name, version });
  await ensureHistory(session, history);
  const facts = { ...world.facts, fence: held?.fence.number };
  const directions = new Map(settled.map(({ key }) => [key.direction, key]));
  await session.execute([
    plain(dialect.begin),
    ...(held?.fence.proof ?? []),
    ...settled.flatMap(({ statements }) => statements),
    ...(as === "anew" ? [forgetAllStatement(dialect, { history, version })] : []),
    ...[...directions.values()].map((key) =>
      eventStatement(dialect, historyTable, { event: eventOf(key, as), facts }),
    ),
    plain(dialect.commit),
  ]);
}

async function settling(session: Session, key: Omit<JournalKey, "direction">, as: MarkAs) {
  const found: { readonly key: JournalKey; readonly statements: readonly Statement[] }[] = [];
  // One after the other: a question that is cancelled must not leave another one behind it on the connection.
  for (const direction of ["up", "down"] as const) {
    const place = { ...key, direction };
    for (const line of (await readJournal(session, place)).values())
      if (line.state === "started" || as === "anew")
        found.push({ key: place, statements: settle(session, place, line, as) });
  }
  return found;
}

function eventOf({ version, direction }: JournalKey, as: MarkAs): NewEvent {
  return { version, direction, result: "marked", reason: as, duration: "NULL" };
}

function settle({ dialect }: Session, key: JournalKey, line: JournalLine, as: MarkAs) {
  const forget = forgetStatement(dialect, key, line.position);
  return as !== "done"
    ? [forget]
    : [forget, journalStatement(dialect, key, { ...line, state: "done" })];
}
