/**
 * The methods of a release that need its sources. Each checks its arguments, and loads its modules;
 * a built release has none of that.
 */
import type { TableSizes } from "../core/safety/rules/grade.ts";
import type { Adoption } from "./adopt.ts";
import type { AdoptionBack } from "./adopt-back.ts";
import { checkRepos } from "./check-options.ts";
import type { DumpOptions, SchemaDump } from "./dump-schema.ts";
import type { SchemaLoaded, SchemaLoadOptions } from "./load-schema.ts";
import { openSession } from "./open.ts";
import type { AdoptBackOptions, AdoptOptions, RepoOption } from "./options.ts";
import type { ReleaseContext } from "./release-context.ts";
import { settleAll } from "./settle.ts";

/** @throws {ReleaseError} `repo_unknown`, `option_invalid`, and the errors of `adopt` */
export async function adoptFrom(
  at: ReleaseContext,
  repo: string,
  options: AdoptOptions,
): Promise<Adoption> {
  const { checkAdopt } = await import("./check-adopt.ts");
  const { adopt } = await import("./adopt.ts");
  const request = checkAdopt(at.repos, repo, options);
  if (request.tenants) {
    const { adoptTenants } = await import("./tenants/adopt-tenants.ts");
    return adoptTenants(request, at.runWorld());
  }
  return at.onOwnHistory(at.runWorld(), (world) => adopt(request, world));
}

/** @throws {ReleaseError} `repo_unknown`, `option_invalid`, and the errors of `adoptBack` */
export async function adoptBackTo(
  at: ReleaseContext,
  repo: string,
  options: AdoptBackOptions,
): Promise<AdoptionBack> {
  const { checkAdoptBack } = await import("./check-adopt.ts");
  const { adoptBack } = await import("./adopt-back.ts");
  const request = checkAdoptBack(at.repos, repo, options);
  return at.onOwnHistory(at.runWorld(), (world) => adoptBack(request, world));
}

/** How large tables are, as far as the database knows. */
export async function tableSizesOf(
  at: ReleaseContext,
  repo: string,
  tables: readonly string[],
): Promise<TableSizes> {
  const [chosen] = checkRepos(at.repos, { repo }, "tableSizes");
  if (chosen === undefined) return new Map();
  const session = await openSession(chosen, { role: "work", reads: "quietly", ...at.runWorld() });
  try {
    const { readTableSizes } = await import("./table-sizes.ts");
    return await readTableSizes(session, tables);
  } finally {
    await session.close();
  }
}

/** The schemas of repos as text. */
export async function dumpRepos(
  at: ReleaseContext,
  options: RepoOption<string> & DumpOptions,
): Promise<readonly SchemaDump[]> {
  const repos = checkRepos(at.repos, options, "dump");
  const { dumpRepo } = await import("./dump-schema.ts");
  const world = at.runWorld();
  return settleAll(repos, (repo) => dumpRepo(repo, options, world));
}

/** Makes a schema that was dumped. */
export async function loadInto(
  at: ReleaseContext,
  { repo, sql }: { readonly repo: string; readonly sql: string },
  options: SchemaLoadOptions,
): Promise<SchemaLoaded> {
  const [chosen] = checkRepos(at.repos, { repo, ...options }, "load");
  if (chosen === undefined) return { repo, loaded: false };
  const { loadRepo } = await import("./load-schema.ts");
  return loadRepo({ repo: chosen, sql }, options, at.runWorld());
}
