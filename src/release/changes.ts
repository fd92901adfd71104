/** The parts of a release that you can change for a while. */
import type { Adapter } from "../adapters/adapter.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import { aFunction, flag, type Kind, name, object } from "../core/model/kind.ts";
import { invalid, wrongOptions } from "../core/model/wrong-options.ts";
import { wrongInManifest } from "./check-config.ts";
import { adapter, type Manifest, type Repo } from "./config.ts";
import type { World } from "./world.ts";

/** Another database, another reporter, a signal that stops, other migrations. */
export type ReleaseChanges<RepoName extends string> = Partial<World> & {
  /** Other databases for some of the repos. */
  readonly adapters?: { readonly [Name in RepoName]?: Adapter };
  /** Other migrations, carried by the program itself; an empty one makes the folders be read. */
  readonly manifest?: Manifest;
  /** Another version of the app. */
  readonly version?: string;
  /**
   * Whether Slipway refuses operations that are unsafe beside a running application. Default: as
   * the repo says; a shadow has no users.
   */
  readonly inUse?: boolean;
};

const changes = {
  adapters: object,
  manifest: object,
  version: name,
  inUse: flag,
  emit: aFunction,
  write: aFunction,
  now: aFunction,
  sleep: aFunction,
  random: aFunction,
  signal: { words: "an AbortSignal", holds: (value) => value instanceof AbortSignal },
  host: name,
  user: name,
  root: name,
} satisfies { readonly [Change in keyof Required<ReleaseChanges<string>>]: Kind };

/**
 * The changes that were given, without those that are `undefined`.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`, `repo_unknown`
 */
export function checkChanges<RepoName extends string>(
  given: ReleaseChanges<RepoName>,
  repos: readonly Repo[],
): ReleaseChanges<RepoName> {
  refuse(wrongOptions(given, { of: "using", kinds: changes }));
  const known = repos.map((repo) => repo.name);
  const adapters: [string, unknown][] = Object.entries(given.adapters ?? {});
  refuse([
    ...wrongInManifest(given.manifest ?? {}, known),
    ...adapters.flatMap(([repo, value]) => {
      if (!known.includes(repo)) return [new ReleaseError("repo_unknown", { repo, known })];
      if (value === undefined || adapter.holds(value)) return [];
      return [invalid(`adapters.${repo}`, value, adapter.words)];
    }),
  ]);
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The repos with their changes; `manifest` is the release's own. */
export function changedRepos(
  repos: readonly Repo[],
  changes: ReleaseChanges<string>,
  manifest: Manifest = {},
): readonly Repo[] {
  const adapters: { readonly [name: string]: Adapter | undefined } = changes.adapters ?? {};
  const carried = changes.manifest ?? manifest;
  return repos.map((repo) => ({
    ...repo,
    adapter: adapters[repo.name] ?? repo.adapter,
    carried: carried[repo.name] ?? {},
    inUse: changes.inUse ?? repo.inUse,
  }));
}
