/** Decides what a run does to one repo: reads, plans, loads and compiles. Writes nothing. */
import type { Session } from "../adapters/adapter.ts";
import { isReleaseError, type ReleaseError, refuse } from "../core/errors.ts";
import type { Direction } from "../core/migration.ts";
import { type Plan, type PlanWarning, plan } from "../core/plan/plan.ts";
import { type LoadedMigration, prepare, type Step } from "../core/plan/prepare.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { Emit } from "../engine/events.ts";
import { readHistory } from "../engine/history.ts";
import type { Repo } from "./config.ts";
import { type Lane, type LaneName, laneOf } from "./lane.ts";
import { openSession } from "./open.ts";
import type { MigrateRequest } from "./options.ts";
import { settleAll } from "./settle.ts";
import { sourceOf } from "./source.ts";

/** What will run on one repo, with the connection that it will run on. */
export type PreparedRun = {
  readonly repo: Repo;
  readonly lane: Lane;
  readonly session: Session;
  readonly direction: Direction;
  readonly steps: readonly Step[];
  readonly warnings: readonly string[];
};

export type PrepareContext = {
  readonly app: string;
  readonly root: string;
  readonly emit: Emit;
};

/**
 * Prepares every repo of the request before any of them runs, and names all that is wrong at once.
 * The caller closes the sessions.
 *
 * @throws {ReleaseError} every refusal that there is
 */
export function prepareRuns(
  request: MigrateRequest,
  lane: LaneName,
  context: PrepareContext,
): Promise<readonly PreparedRun[]> {
  return settleAll(
    request.repos,
    (repo) => prepareRun(repo, request, laneOf(repo, lane, request.options), context),
    (run) => run.session.close(),
  );
}

async function prepareRun(
  repo: Repo,
  request: MigrateRequest,
  lane: Lane,
  context: PrepareContext,
): Promise<PreparedRun> {
  const { target, options } = request;
  const source = sourceOf(lane.migrations, {
    repo: repo.name,
    root: context.root,
    mayBeMissing: lane.mayBeMissing,
  });
  const { files, warnings } = await source.list();
  const session = await openSession(repo, { role: "work", ...context });
  try {
    const applied = await readHistory(session, lane.historyTable, repo.name);
    const strictVersionOrder = options.strictVersionOrder ?? repo.strictVersionOrder;
    const todo = plan({ repo: repo.name, files, applied, target, strictVersionOrder });
    const steps = prepare({
      direction: todo.direction,
      migrations: await loadAll(todo, source, session),
      dialect: session.dialect,
      defaults: repo.defaults,
      hooks: repo.hooks,
      prefix: options.prefix,
    });
    const told = [...warnings, ...todo.warnings.map(words)];
    for (const message of told) context.emit({ type: "warning", repo: repo.name, message });
    return { repo, lane, session, direction: todo.direction, steps, warnings: told };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** Loads every migration of a plan before any runs, and names every one that cannot be loaded. */
async function loadAll(
  todo: Plan,
  source: Source,
  session: Session,
): Promise<readonly LoadedMigration[]> {
  const loaded: LoadedMigration[] = [];
  const errors: ReleaseError[] = [];
  for (const file of todo.files) {
    try {
      loaded.push(await source.load(file, session.dialect.name));
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      errors.push(error);
    }
  }
  refuse(errors);
  return loaded;
}

function words(warning: PlanWarning): string {
  switch (warning.kind) {
    case "out_of_order":
      return (
        `You are running migration ${warning.file.version} but a newer migration with version ${warning.newest} has already run. ` +
        `A rollback would revert ${warning.newest} before ${warning.file.version}; give it a later version if that matters.`
      );
    case "version_unknown": {
      const meant = warning.nearest === undefined ? "" : `; did you mean ${warning.nearest}?`;
      return `no migration has version ${warning.version}${meant}`;
    }
  }
}
