/**
 * The contents of a release on disk: its migrations, compiled, and the verdicts of the safety
 * rules.
 */
import type { CarriedRepo } from "../build/carried.ts";
import { carry } from "../build/carry.ts";
import { loadParser, needsTrees, parserFor } from "../check/parser.ts";
import { verdictsOf } from "../check/verdicts-of.ts";
import type { ProductionFacts } from "../core/model/production-facts.ts";
import { type Warning, warning } from "../core/model/warnings.ts";
import type { Release } from "../release/release.ts";
import { sqliteTrial } from "../shadow/sqlite/trial.ts";

export type CarriedRelease = {
  readonly repos: readonly CarriedRepo[];
  readonly compiled: Awaited<ReturnType<Release["inventory"]>>;
  readonly verdictOf: ReturnType<typeof verdictsOf>;
  /** Whether the rules ran. They cannot run without the parser, where a database needs it. */
  readonly isJudged: boolean;
  readonly warnings: readonly Warning[];
};

/**
 * Reads everything and opens no database. @throws {ReleaseError} errors of `carry` and `inventory`
 */
export async function carryRelease(
  release: Release,
  root: string,
  options: { readonly facts?: ProductionFacts | undefined } = {},
): Promise<CarriedRelease> {
  const compiled = await release.inventory();
  const parser = await loadParser();
  const factsOf = (repo: string) => options.facts?.repos[repo];
  const trials = { sqlite: await sqliteTrial() };
  const verdictOf = verdictsOf(compiled, (dialect) => parserFor(dialect, parser, trials), factsOf);
  const folders = release.repos().map((name) => ({
    name,
    migrations: release.folders(name),
    ...howRead(compiled.find(({ repo }) => repo === name)!),
    dataMigrations: release.folders(name, { data: true }),
    tenantMigrations: release.folders(name, { tenants: true }),
    tenantDataMigrations: release.folders(name, { tenants: true, data: true }),
  }));
  const carried = await carry(folders, root);
  const isJudged = parser !== undefined || !compiled.some(needsParser);
  return {
    repos: carried.repos.map((repo) => withVerdicts(repo, verdictOf)),
    ...{ compiled, verdictOf, isJudged },
    warnings: isJudged ? carried.warnings : [...carried.warnings, warning("not_judged", {})],
  };
}

function howRead({ syntax, modules, placeholders, layout }: CarriedRelease["compiled"][number]) {
  return { syntax, modules, placeholders, layout };
}

function needsParser({ rules, migrations }: CarriedRelease["compiled"][number]): boolean {
  return rules !== undefined && needsTrees(rules) && migrations.length > 0;
}

/** Code that runs elsewhere has no parser, so it takes the verdicts along. */
function withVerdicts(repo: CarriedRepo, verdictOf: CarriedRelease["verdictOf"]): CarriedRepo {
  const { name, migrations } = repo;
  const judged = migrations?.map((one) => ({ ...one, verdict: verdictOf(name, one.file.id) }));
  return { ...repo, migrations: judged };
}
