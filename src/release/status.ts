/** What has run and what has not, on every repo at once. Takes no lock and writes nothing. */
import { type StatusRow, status, statusBlock } from "../core/plan/status.ts";
import { readHalfDone } from "../engine/half-done.ts";
import { readApplied } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { type LaneName, type LaneOptions, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import { ownRows } from "./own-rows.ts";
import type { PrepareContext } from "./run-world.ts";
import { settle } from "./settle.ts";
import { sourceOf } from "./source.ts";
import { reading } from "./stoppable.ts";

export type RepoStatus = {
  readonly repo: string;
  readonly migrations: readonly StatusRow[];
  /** Only when asked for with `data: true`. */
  readonly dataMigrations?: readonly StatusRow[];
};

/** The status of each repo, and the errors of those that could not be read. */
export function readStatuses(
  repos: readonly Repo[],
  options: LaneOptions & { readonly data?: boolean | undefined },
  context: PrepareContext,
) {
  return settle(repos, (repo) => readStatus(repo, options, context));
}

async function readStatus(
  repo: Repo,
  options: LaneOptions & { readonly data?: boolean | undefined },
  context: PrepareContext,
): Promise<RepoStatus> {
  const session = await openSession(repo, { role: "work", ...context });
  const rows = async (lane: LaneName, laneOptions: LaneOptions) => {
    const { migrations, historyTable, mayBeMissing } = laneOf(repo, lane, laneOptions);
    const source = sourceOf(migrations, {
      repo: repo.name,
      root: context.root,
      mayBeMissing,
    });
    const { files, warnings } = await source.list();
    for (const told of warnings) context.emit({ type: "warning", repo: repo.name, ...told });
    const known = new Set(files.map((file) => file.version));
    const place = { table: historyTable, repo: repo.name };
    const applied = () =>
      readApplied(session, place, files, (done) => [...done].every((one) => known.has(one)));
    return status(
      files,
      await reading(session, context, () =>
        lane === "schema" ? ownRows({ repo, session, history: place }, applied) : applied(),
      ),
      await reading(session, context, () => readHalfDone(session, place, files)),
    );
  };
  try {
    const migrations = await rows("schema", options);
    if (options.data !== true) return { repo: repo.name, migrations };
    return {
      repo: repo.name,
      migrations,
      dataMigrations: await rows("data", { prefix: options.prefix }),
    };
  } finally {
    await session.close();
  }
}

/** The blocks that people read. */
export function statusText(statuses: readonly RepoStatus[]): string {
  return statuses
    .flatMap(({ repo, migrations, dataMigrations }) => [
      statusBlock(`Repo: ${repo}`, migrations),
      ...(dataMigrations === undefined
        ? []
        : [statusBlock(`Repo: ${repo} (data migrations)`, dataMigrations)]),
    ])
    .join("");
}
