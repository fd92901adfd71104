/** From nothing to a database that one can work with. */
import { isReleaseError } from "../core/model/errors.ts";
import type { RepoOutcome } from "../release/migrate.ts";
import type { Release } from "../release/release.ts";
import type { StorageOutcome } from "../release/storage.ts";
import type { CommandContext } from "./command.ts";
import { findSeeds, runSeedsFiles, type Seeded, seedsText } from "./seeds.ts";
import { storageText } from "./storage-text.ts";

/** What has been done. */
export type FromNothing = {
  readonly storage: readonly StorageOutcome[];
  readonly repos: readonly RepoOutcome[];
  readonly seeded: readonly Seeded[];
};

/** Makes the databases, runs what is pending on them, and fills them where there are seeds. */
export async function setUp(
  repos: readonly string[],
  { release, context }: { readonly release: Release; readonly context: CommandContext },
): Promise<FromNothing> {
  const storage = await onStorage(repos, (repo) => release.createStorage({ repo }));
  const migrated = await release.migrate({ repo: repos });
  const seeded = await runSeedsFiles(findSeeds(repos, context), { release, context });
  return { storage, repos: migrated, seeded };
}

/** One by one: a database that nobody makes or removes so is left as it is. */
export async function onStorage(
  repos: readonly string[],
  work: (repo: string) => Promise<readonly StorageOutcome[]>,
): Promise<readonly StorageOutcome[]> {
  const outcomes: StorageOutcome[] = [];
  for (const repo of repos) {
    try {
      outcomes.push(...(await work(repo)));
    } catch (error) {
      if (!isReleaseError(error) || error.code !== "storage_unsupported") throw error;
    }
  }
  return outcomes;
}

/** Lines for what was made and filled; the reporter has told what was migrated. */
export function setUpText({ storage, seeded }: FromNothing): string {
  return `${storageText(storage)}${seedsText(seeded)}`;
}
