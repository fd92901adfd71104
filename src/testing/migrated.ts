/**
 * The options that the helpers of tests share, and the key that tells one state of the migrations
 * from another.
 */
import { createHash } from "node:crypto";
import type { Adapter } from "../adapters/adapter.ts";
import type { Release } from "../release/release.ts";
import type { Seeds } from "../release/seed.ts";

/** The content of a database for tests. */
export type MigratedOptions<RepoName extends string> = {
  /** Which repo's migrations run. Default: the first of the release. */
  readonly repo?: RepoName;
  /** Rows that every test finds, as `db/<repo>/seeds.ts` exports them by default. Default: none. */
  readonly seeds?: Seeds;
};

/** The wanted repo, or the first of the release. */
export function repoOf<RepoName extends string>(
  release: Release<RepoName>,
  { repo }: MigratedOptions<RepoName>,
): RepoName {
  const chosen = repo ?? release.repos()[0];
  if (chosen === undefined) throw new Error("the release has no repo");
  return chosen;
}

/** The release with the test's database; it prints nothing about the run. */
export function quietly<RepoName extends string>(
  release: Release<RepoName>,
  repo: RepoName,
  adapter: Adapter,
): Release<RepoName> {
  const adapters = { [repo]: adapter } as { [Name in RepoName]?: Adapter };
  return release.using({ adapters, emit: () => undefined, write: () => undefined });
}

/** Runs all migrations of one repo, and the seeds. */
export async function fillWith<RepoName extends string>(
  release: Release<RepoName>,
  repo: RepoName,
  { seeds }: MigratedOptions<RepoName>,
): Promise<void> {
  await release.migrate({ repo });
  if (seeds !== undefined) await release.seed(repo, seeds);
}

/** Changes with each migration, with the seeds and with the kind of database. */
export async function stateOf<RepoName extends string>(
  release: Release<RepoName>,
  repo: RepoName,
  { seeds }: MigratedOptions<RepoName>,
): Promise<string> {
  const all = await release.inventory();
  const own = all.find((one) => one.repo === repo);
  const migrations = own?.migrations.map(({ file, checksum, meaning, plan }) => [
    file.id,
    checksum,
    meaning,
    plan,
  ]);
  const text = JSON.stringify([migrations, own?.adapter, String(seeds)]);
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
