/** A PGlite with the migrations of a release, for a file of tests. */
import type { PGlite } from "@electric-sql/pglite";
import { importDriver } from "../adapters/import-driver.ts";
import { pglite } from "../adapters/pglite/index.ts";
import { openKept, type PgliteExtensions } from "../adapters/pglite/kept-data-directory.ts";
import type { Release } from "../release/release.ts";
import { fillWith, type MigratedOptions, quietly, repoOf, stateOf } from "./migrated.ts";

/** A database in this process. */
export type MigratedPglite<RepoName extends string> = {
  readonly client: PGlite;
  /** The release on that database: to migrate, to roll back, to look. */
  readonly release: Release<RepoName>;
  /** Ends the database with all that is in it. */
  close(): Promise<void>;
};

/**
 * Opens a PGlite in memory with all migrations run. The first call migrates and keeps the data directory in
 * `node_modules/.cache/slipway`; every later one, in any process, opens what is kept, until a migration changes.
 *
 * @param options `extensions` are those of PGlite that the migrations need
 * @throws {ReleaseError} `driver_missing`, and what `migrate` throws
 */
export async function migratedPglite<RepoName extends string>(
  release: Release<RepoName>,
  options: MigratedOptions<RepoName> & { readonly extensions?: PgliteExtensions } = {},
): Promise<MigratedPglite<RepoName>> {
  const repo = repoOf(release, options);
  const { extensions = {} } = options;
  const { PGlite } = await importDriver(() => import("@electric-sql/pglite"), {
    driver: "@electric-sql/pglite",
    adapter: "pglite",
  });
  const unopened = quietly(release, repo, pglite({ dataDir: "unopened" }));
  const state = await stateOf(unopened, repo, options);
  const on = (client: PGlite) => quietly(release, repo, pglite({ client }));
  const client = await openKept(PGlite, {
    name: ["migrated", release.app, repo, state, ...Object.keys(extensions)].join("-"),
    extensions,
    fill: (empty) => fillWith(on(empty), repo, options),
  });
  return { client, release: on(client), close: () => client.close() };
}
