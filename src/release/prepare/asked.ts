/** The question to one repo, and where to look for the answer. */
import type { Session } from "../../adapters/adapter.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import type { PrepareInput } from "../../core/plan/step.ts";
import type { Source } from "../../engine/discovery/source.ts";
import type { HistoryPlace } from "../../engine/history.ts";
import type { Repo } from "../config.ts";
import type { Lane } from "../lane.ts";
import type { MigrateRequest } from "../requests.ts";
import type { PrepareContext } from "../run-world.ts";

/** The migrations of a lane, read by name only. */
export type ListedLane = {
  readonly lane: Lane;
  readonly source: Source;
  readonly files: readonly MigrationFile[];
  readonly warnings: readonly Warning[];
};

export type Asked = Pick<ListedLane, "lane" | "source" | "files"> & {
  readonly repo: Repo;
  readonly session: Session;
  readonly request: MigrateRequest;
  readonly root: string;
  /** Whether the caller only looks, and gets refusals as warnings. */
  readonly isLook: boolean;
  readonly history: HistoryPlace;
  /** How migrations are compiled. */
  readonly prepare: Omit<PrepareInput, "migrations">;
};

/** Joins what every part of the decision needs. */
export function askedOf(
  given: Pick<Asked, "repo" | "session" | "request">,
  { lane, source, files }: ListedLane,
  { root, unmet }: Pick<PrepareContext, "root" | "unmet">,
): Asked {
  const { repo, session, request } = given;
  const { target, options } = request;
  return {
    ...given,
    ...{ lane, source, files, root, isLook: unmet === "tell" },
    history: { table: lane.historyTable, repo: repo.name },
    prepare: {
      direction: target.direction,
      dialect: session.dialect,
      defaults: repo.defaults,
      hooks: repo.hooks,
      prefix: options.prefix,
      replaceUnsafe: repo.safe === "auto",
      history: lane.historyTable,
    },
  };
}
