/** From nothing to a database that one can work with. */
import { existsSync } from "node:fs";
import { isReleaseError } from "../core/model/errors.ts";
import type { RepoOutcome } from "../release/migrate.ts";
import type { Release } from "../release/release.ts";
import type { StorageOutcome } from "../release/storage.ts";
import type { CommandContext } from "./command.ts";
import { readSchemaFile, schemaFile } from "./schema-file.ts";
import { findSeeds, runSeedsFiles, type Seeded, seedsText } from "./seeds.ts";
import { storageText } from "./storage-text.ts";

/** The databases, migrations and seeds that it worked on. */
export type FromNothing = {
  readonly storage: readonly StorageOutcome[];
  readonly repos: readonly RepoOutcome[];
  readonly seeded: readonly Seeded[];
};

/**
 * Makes the databases, loads dumped schemas, runs pending migrations, and fills the databases where
 * there are seeds.
 */
export async function setUp(
  repos: readonly string[],
  { release, context }: { readonly release: Release; readonly context: CommandContext },
): Promise<FromNothing> {
  const storage = await onStorage(repos, (repo) => release.createStorage({ repo }));
  await loadSchemas(repos, { release, context });
  const migrated = await release.migrate({ repo: repos });
  const seeded = await runSeedsFiles(findSeeds(repos, context), { release, context });
  return { storage, repos: migrated, seeded };
}

/** Loads a dumped schema into an empty database at once, so that only newer migrations run. */
async function loadSchemas(
  repos: readonly string[],
  { release, context }: { readonly release: Release; readonly context: CommandContext },
): Promise<void> {
  for (const repo of repos) {
    const file = schemaFile(repo, undefined, context);
    if (!existsSync(file.path)) continue;
    try {
      const options = { path: file.shown, skipIfLoaded: true };
      await release.load(repo, await readSchemaFile(repo, file), options);
    } catch (error) {
      if (!isReleaseError(error) || error.code !== "load_not_empty") throw error;
    }
  }
}

/** One by one: if a database cannot be created or dropped this way, it stays as it is. */
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

/** Lines about databases and seeds; the reporter has printed the migrations. */
export function setUpText({ storage, seeded }: FromNothing): string {
  return `${storageText(storage)}${seedsText(seeded)}`;
}
