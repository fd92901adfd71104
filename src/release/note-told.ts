/** Writes into the event table what somebody told a backfill: who, when and from where. */
import { dotted } from "../core/language/describe.ts";
import { messageOf } from "../core/model/message-of.ts";
import { plain } from "../core/model/statement.ts";
import { warning } from "../core/model/warnings.ts";
import { eventStatement, eventTable, type ToldBackfill } from "../engine/event-table.ts";
import { ensureOwnTable } from "../engine/own-table.ts";
import { settingUp } from "../engine/set-up.ts";
import type { FoundRun } from "./find-backfill.ts";
import type { RunWorld } from "./run-world.ts";

/**
 * The command has already had its effect, so an event that cannot be written only gives a warning.
 */
export async function noteTold(
  { repo, session, key }: FoundRun,
  told: {
    readonly result: ToldBackfill;
    readonly name: string;
    readonly reason?: string | undefined;
  },
  { facts, emit }: Pick<RunWorld, "facts" | "emit">,
): Promise<void> {
  const { history, version } = key;
  const { dialect } = session;
  const own = eventTable(history);
  const at = { repo: repo.name, tables: [own.table], doing: `write ${dotted(own.table)}` };
  const event = { version, direction: "up", duration: "NULL", ...told } as const;
  try {
    await settingUp(session, at, async () => {
      await ensureOwnTable(session, own);
      await session.execute([
        plain(dialect.begin),
        eventStatement(dialect, history, { event, facts }),
        plain(dialect.commit),
      ]);
    });
  } catch (error) {
    if (session.errorKind(error) === "connection_lost") throw error;
    const lost = warning("event_not_written", { reason: messageOf(error) });
    emit({ type: "warning", repo: repo.name, ...lost });
  }
}
