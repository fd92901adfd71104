/** Whether somebody works on backfills, where connections have no name to know them by: each process holds a lock meanwhile. */
import type { Session } from "../adapters/adapter.ts";
import type { Named } from "../core/model/named.ts";
import type { Edge } from "../engine/events.ts";

/** The maximum number of processes that others can see at once; one more works unseen. */
const mostProcesses = 16;

/** A file that somebody writes to cannot be marked at this moment. */
const tries = 5;
const pauseMs = 50;

/** Shows that this process works, until `end`. Best effort: a failure changes nothing about the work. */
export async function showPresence(
  { open, history }: { readonly open: () => Promise<Session>; readonly history: Named },
  edge: Pick<Edge, "sleep" | "signal">,
): Promise<{ end(): Promise<void> }> {
  const session = await open().catch(() => undefined);
  if (session === undefined) return { end: async () => undefined };
  try {
    await takeOne(session, history, edge);
  } catch {
    // Without it, whoever looks only learns less.
  }
  return { end: () => session.close().catch(() => undefined) };
}

/** Whether no process shows itself. */
export async function nobodyWorks(session: Session, history: Named): Promise<boolean | undefined> {
  if (session.companions !== undefined) {
    const others = await session.companions();
    return others === undefined ? undefined : others === 0;
  }
  if (session.lockHolder === undefined) return undefined;
  for (let place = 0; place < mostProcesses; place += 1)
    if ((await session.lockHolder(nameOf(history, place), history)) !== undefined) return false;
  return true;
}

async function takeOne(
  session: Session,
  history: Named,
  edge: Pick<Edge, "sleep" | "signal">,
): Promise<void> {
  for (let tried = 0; tried < tries; tried += 1) {
    for (let place = 0; place < mostProcesses; place += 1)
      if ((await session.tryLock(nameOf(history, place), history)).lease !== undefined) return;
    await edge.sleep(pauseMs, edge.signal);
  }
}

function nameOf({ prefix = "", name }: Named, place: number): string {
  return `slipway:working:${prefix}.${name}:${place}`;
}
