/** Opens connections of a repo, and reports failures in the repo's name. */

import { ConnectionFailed, type Notice, type Session } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { warning } from "../core/model/warnings.ts";
import type { Edge, Emit } from "../engine/events.ts";
import { tracedWork } from "../engine/traced.ts";
import type { Repo } from "./config.ts";
import { opened } from "./stoppable.ts";

/** @throws {ReleaseError} `connection_failed`, `driver_missing`, `env_missing`, `interrupted` */
export async function openSession(
  repo: Repo,
  options: {
    readonly role: "work" | "lock";
    readonly app: string;
    readonly emit: Emit;
    /** Its signal ends the waiting. Default: nothing ends it. */
    readonly edge?: Edge | undefined;
    /** Nothing will be written: a missing database is not made, and `tell` reports it. Default: it may be made. */
    readonly reads?: "tell" | "quietly" | undefined;
    /** Gives up connecting. Default: the timeout alone does. */
    readonly signal?: AbortSignal | undefined;
  },
): Promise<Session> {
  const { role, app, emit, edge, reads, signal } = options;
  try {
    const opening = repo.adapter.open({
      role,
      application: `slipway ${app}`,
      readsOnly: reads !== undefined,
      signal,
      onNotice: (notice) => {
        if (!isOfOurs(notice, repo, role)) emit({ type: "notice", repo: repo.name, notice });
      },
    });
    const session = await (edge === undefined ? opening : opened(opening, edge));
    if (role === "work" && tracedWork.statement.hasSubscribers) {
      const { traceStatements } = await import("../engine/traced-session.ts");
      traceStatements(session, { repo: repo.name, target: repo.adapter.describe() });
    }
    if (reads === "tell" && session.absent?.() && !told.has(repo)) {
      told.add(repo);
      const absent = warning("database_absent", { target: repo.adapter.describe() });
      emit({ type: "warning", repo: repo.name, ...absent });
    }
    return session;
  } catch (error) {
    if (isReleaseError(error)) throw error;
    const isOurs = error instanceof ConnectionFailed;
    const details = {
      repo: repo.name,
      target: repo.adapter.describe(),
      reason: messageOf(error),
      hint: isOurs
        ? role === "lock"
          ? `${error.hint} ${isSecond}`
          : error.hint
        : "Its adapter could not open a connection.",
    };
    throw new ReleaseError("connection_failed", details, { cause: error });
  }
}

/**
 * Repos that Slipway has reported without a database, so that whoever looks again hears it once.
 */
const told = new WeakSet<Repo>();

/** The connection that works is open by then, so what refuses this one may be a limit of one. */
const isSecond = "Slipway needs two connections at once, and this was the second.";

/**
 * Notices about Slipway's tables concern work that nobody asked for. Warnings get through all the
 * same.
 */
function isOfOurs(
  { level, message }: Notice,
  { historyTable, dataHistoryTable }: Repo,
  role: "work" | "lock",
): boolean {
  if (level === "warning" || level === "error") return false;
  if (role === "lock") return true;
  const [, name = ""] = /"([^"]+)"/.exec(message) ?? [];
  return /^slipway_/.test(name) || name === historyTable || name === dataHistoryTable;
}
