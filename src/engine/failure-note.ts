/** Writes into the event table that a migration did not end well. */
import { messageOf } from "../core/model/message-of.ts";
import { plain, type Statement } from "../core/model/statement.ts";
import { warning } from "../core/model/warnings.ts";
import { eventStatement, millisecondsSql } from "./event-table.ts";
import { stopOf } from "./interruptible.ts";
import type { RunContext } from "./run-context.ts";
import type { StepEnding, StepWork } from "./step-work.ts";

/** How long it may take: the one who stops a run does not want to wait, and the server may be the very trouble. */
const patienceMs = 2_000;

/**
 * Tries to, on a new connection when the one of the run is gone, unless the run was stopped: then that may hang as the
 * old one did. What it cannot write, it tells.
 */
export async function noteFailure(work: StepWork, ending: StepEnding): Promise<void> {
  const { edge, repo } = work.context;
  const done = new AbortController();
  const late = edge.sleep(patienceMs, done.signal).then(() => `no answer within ${patienceMs} ms`);
  const written = write(work, ending).then(() => undefined, messageOf);
  const trouble = await Promise.race([written, late]);
  done.abort();
  if (trouble === undefined) return;
  edge.emit({ type: "warning", repo, ...warning("event_not_written", { reason: trouble }) });
}

async function write(work: StepWork, ending: StepEnding): Promise<void> {
  const { session } = work.context;
  const note = noteOf(work, ending);
  try {
    return await session.execute(note);
  } catch (error) {
    if (session.errorKind(error) !== "connection_lost") await work.rollBack();
    else if (!stopOf(work.context).aborted) return onNewConnection(work.context, note);
    throw error;
  }
}

/** One transaction that only writes down that the step did not end well. */
function noteOf({ context, step, elapsedMs }: StepWork, ending: StepEnding): readonly Statement[] {
  const { historyTable, facts, session } = context;
  const { begin, resetSettings, commit } = session.dialect;
  const { file, direction } = step;
  const about = { version: file.version, name: file.name, direction };
  const event = { ...about, ...ending, duration: millisecondsSql(elapsedMs) };
  const note = eventStatement(session.dialect, historyTable, { event, facts });
  return [plain(begin), ...resetSettings.map(plain), note, plain(commit)];
}

async function onNewConnection({ reopen }: RunContext, note: readonly Statement[]): Promise<void> {
  const fresh = await reopen();
  try {
    await fresh.execute(note);
  } finally {
    await fresh.close();
  }
}
