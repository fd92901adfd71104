/** `check` without files: the migrations of the release. */
import { checkHistory } from "../check/check-history.ts";
import type { Findings } from "../check/finding.ts";
import { graded, tablesThatMatter } from "../check/graded.ts";
import { neededParser } from "../check/parser.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { Release } from "../release/release.ts";
import { isLeftAlone } from "../release/safety.ts";
import { chosen, type ShadowRequest, wantedVersions } from "./check-on-shadow.ts";

export type CheckReleaseOptions = {
  readonly major: number | undefined;
  readonly policy: boolean;
};

/**
 * Those that are pending, which needs the database; with `--all`, or with versions, it needs none.
 *
 * @throws {ReleaseError} what loading the migrations throws, `connection_failed`, `migration_not_in_release`
 */
export async function checkRelease(
  request: ShadowRequest,
  options: CheckReleaseOptions,
): Promise<Findings & { readonly files: number }> {
  const release = await request.context.release();
  const found: Findings[] = [];
  let files = 0;
  for (const repo of await chosen(release, request.flags.repo, {
    isAble: ({ rules }) => rules !== undefined,
    refusal: withoutRules,
  })) {
    const dialect = repo.rules;
    const parser = await neededParser("check", dialect);
    const named = await wantedVersions(release, repo, request);
    const isNamed = request.args.length > 0;
    const wanted = repo.migrations
      .filter(({ file }) => named.has(file.version))
      .filter(({ file }) => isNamed || !isLeftAlone(file, repo.startAfter))
      .map(({ file }) => file.version);
    files += wanted.length;
    const isOneRun = request.flags.all !== true && !isNamed;
    const how = {
      ...options,
      parser,
      dialect,
      wanted: new Set(wanted),
      isOneRun,
      own: repo.ownRules,
      replacesUnsafe: repo.replacesUnsafe,
    };
    const one = checkHistory(repo.migrations, how);
    found.push(isOneRun ? await gradedBySize(one, { release, repo: repo.repo }) : one);
  }
  return {
    findings: found.flatMap((one) => one.findings),
    answered: found.flatMap((one) => one.answered),
    files,
  };
}

function withoutRules(repos: readonly string[]): ReleaseError {
  return new ReleaseError("usage_invalid", {
    reason: `no safety rule is for the database of ${repos.join(", ")}`,
    hint: "Name a repo of PostgreSQL, MySQL, MariaDB or SQLite with --repo.",
  });
}

/** What is pending was read from the database, which knows how large its tables are. */
async function gradedBySize(
  found: Findings,
  { release, repo }: { readonly release: Release; readonly repo: string },
): Promise<Findings> {
  const tables = tablesThatMatter(found);
  return tables.length === 0 ? found : graded(found, await release.tableSizes(repo, tables));
}
