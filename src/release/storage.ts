/** Makes and removes the databases of a release themselves. */

import { type Adapter, ConnectionFailed, type Storage } from "../adapters/adapter.ts";
import { isReleaseError, ReleaseError, refuse } from "../core/model/errors.ts";
import { messageOf } from "../core/model/message-of.ts";
import { checkRepos } from "./check-options.ts";
import type { Repo } from "./config.ts";
import type { DropOptions, RepoOption } from "./options.ts";

/** Whether the database of one repo was made or dropped. */
export type StorageOutcome = {
  readonly repo: string;
  readonly result: "created" | "already_there" | "dropped" | "already_gone";
};

/**
 * Makes the databases that are not there yet.
 *
 * @throws {ReleaseError} `storage_unsupported`, before anything was made; `storage_failed`, `connection_failed`
 */
export function createStorage(
  repos: readonly Repo[],
  options: RepoOption<string>,
): Promise<readonly StorageOutcome[]> {
  const chosen = checkRepos(repos, options, "createStorage");
  return onEach(chosen, { command: "create", work: (storage) => storage.create() });
}

/**
 * Removes the databases with all that is in them.
 *
 * @throws {ReleaseError} `storage_unsupported`, before anything was removed; `storage_failed`, `connection_failed`
 */
export function dropStorage(
  repos: readonly Repo[],
  options: DropOptions,
): Promise<readonly StorageOutcome[]> {
  const chosen = checkRepos(repos, options, "dropStorage");
  const { force = false } = options;
  return onEach(chosen, { command: "drop", work: (storage) => storage.drop({ force }) });
}

type StorageWork = {
  readonly command: "create" | "drop";
  readonly work: (storage: Storage) => Promise<StorageOutcome["result"]>;
};

async function onEach(
  repos: readonly Repo[],
  todo: StorageWork,
): Promise<readonly StorageOutcome[]> {
  const { command } = todo;
  refuse(repos.filter((repo) => !repo.adapter.storage).map((repo) => unsupported(repo, command)));
  const outcomes: StorageOutcome[] = [];
  for (const { name, adapter } of repos) {
    if (adapter.storage === undefined) continue;
    try {
      outcomes.push({ repo: name, result: await todo.work(adapter.storage) });
    } catch (error) {
      throw failed(error, { repo: name, command, adapter });
    }
  }
  return outcomes;
}

function unsupported({ name, adapter }: Repo, command: string): ReleaseError {
  const details = { repo: name, database: adapter.name, command };
  return new ReleaseError("storage_unsupported", details);
}

function failed(
  error: unknown,
  at: { readonly repo: string; readonly command: string; readonly adapter: Adapter },
): ReleaseError {
  const { repo, command, adapter } = at;
  if (isReleaseError(error)) return error;
  const reason = messageOf(error);
  if (error instanceof ConnectionFailed) {
    const details = { repo, target: adapter.describe(), reason, hint: error.hint };
    return new ReleaseError("connection_failed", details, { cause: error });
  }
  return new ReleaseError("storage_failed", { repo, command, reason }, { cause: error });
}
