/** Reads the events of a repo's migrations, failures included. Takes no lock and writes nothing. */
import { type HistoryEvent, readEvents } from "../engine/event-table.ts";
import { settingUp } from "../engine/set-up.ts";
import type { Repo } from "./config.ts";
import { historyNames } from "./elsewhere.ts";
import { laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { HistoryOptions } from "./options.ts";
import type { PrepareContext } from "./run-world.ts";
import { reading } from "./stoppable.ts";

/** The events of one repo's migrations. */
export type RepoHistory = {
  readonly repo: string;
  /** Of schema migrations and of data migrations; the newest first. */
  readonly events: readonly HistoryEvent[];
};

/** Enough to see the last deploys, when nobody gives a limit. */
const defaultLimit = 20;

export async function readRepoHistory(
  repo: Repo,
  options: HistoryOptions,
  context: PrepareContext,
): Promise<RepoHistory> {
  const { prefix, limit = defaultLimit, tenant } = options;
  if (tenant !== undefined) {
    const { readTenantHistoryOf } = await import("./tenants/tenant-history.ts");
    const events = await readTenantHistoryOf(
      repo,
      { tenant, limit, prefix },
      context,
      readRepoHistory,
    );
    return { repo: repo.name, events };
  }
  const { historyTable: data } = laneOf(repo, "data", { prefix });
  const histories = [...historyNames(repo).map((name) => ({ ...data, name })), data];
  const session = await openSession(repo, { role: "work", reads: "tell", ...context });
  try {
    const at = { repo: repo.name, tables: histories, doing: "read slipway_events" };
    const events = await reading(session, context, () =>
      settingUp(session, at, () => readEvents(session, histories, { limit })),
    );
    return { repo: repo.name, events };
  } finally {
    await session.close();
  }
}
