/** Settles what an interrupted run left in doubt, by the word of somebody who has looked. */

import type { Session } from "../adapters/adapter.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Direction } from "../core/model/migration.ts";
import { plain } from "../core/model/statement.ts";
import { eventStatement, type NewEvent } from "../engine/event-table.ts";
import { ensureHistory } from "../engine/history.ts";
import {
  forgetAllStatement,
  forgetStatement,
  type JournalKey,
  type JournalLine,
  journalStatement,
  readJournal,
} from "../engine/journal.ts";
import { takeLease } from "../engine/lease.ts";
import { laneOf } from "./lane.ts";
import { lockName } from "./lock-name.ts";
import { openSession } from "./open.ts";
import type { MarkAs, MarkRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import { reading } from "./stoppable.ts";

/**
 * Marks the statement of this version that was interrupted, or all that ran of it. Runs nothing of the migration.
 *
 * @throws {ReleaseError} `nothing_to_mark`, `lock_held`
 */
export async function mark(request: MarkRequest, world: RunWorld): Promise<void> {
  const { repo, lane, options } = request;
  const { historyTable } = laneOf(repo, lane, options);
  const work = await openSession(repo, { role: "work", ...world });
  const lock = await openSession(repo, { role: "lock", ...world });
  try {
    const wanted = {
      repo: repo.name,
      name: lockName(historyTable),
      history: historyTable,
      waitMs: repo.lockWaitMs,
    };
    const { lease, fence } = await takeLease({ lock, work }, wanted, world.edge);
    const history = { table: historyTable, repo: repo.name };
    const { dialect } = work;
    await reading(work, world, async () => {
      const settled = await settling(work, { history, version: request.version }, request.as);
      if (settled.length === 0)
        throw new ReleaseError("nothing_to_mark", { repo: repo.name, version: request.version });
      await ensureHistory(work, history);
      const facts = { ...world.facts, fence: fence.number };
      const directions = new Map(settled.map(({ key }) => [key.direction, key]));
      const statements = [
        ...settled.flatMap(({ statements }) => statements),
        ...(request.as === "anew"
          ? [forgetAllStatement(dialect, { history, version: request.version })]
          : []),
        ...[...directions.values()].map((key) =>
          eventStatement(dialect, historyTable, { event: eventOf(key, request.as), facts }),
        ),
      ];
      const [begin, commit] = [plain(dialect.begin), plain(dialect.commit)];
      await work.execute([begin, ...fence.proof, ...statements, commit]);
    });
    await lease.release();
  } finally {
    await Promise.all([work.close(), lock.close()]);
  }
}

async function settling(session: Session, key: Omit<JournalKey, "direction">, as: MarkAs) {
  const directions: readonly Direction[] = ["up", "down"];
  const found = await Promise.all(
    directions.map(async (direction) => {
      const lines = [...(await readJournal(session, { ...key, direction })).values()];
      return lines
        .filter((line) => line.state === "started" || as === "anew")
        .map((line) => ({ line, key: { ...key, direction } }));
    }),
  );
  return found.flat().map(({ line, key: place }) => ({
    key: place,
    statements: settle(session, place, line, as),
  }));
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
