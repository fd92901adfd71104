/** `check` of the migrations of a release: those that are new, pending or named, or all. */
import { resolve } from "node:path";
import { byFacts, type FactsScope, plainBy } from "../check/by-facts.ts";
import { newestMajor } from "../check/check-files.ts";
import { checkHistory, linesOfHistory } from "../check/check-history.ts";
import { parseFacts, type ReadFacts } from "../check/facts-file.ts";
import type { Findings } from "../check/finding.ts";
import { graded, tablesThatMatter } from "../check/graded.ts";
import { halfWas } from "../check/half-was.ts";
import type { CheckNote, Judged, PlacedForecast, Scope } from "../check/judged.ts";
import { neededParser, needsTrees, type Parser } from "../check/parser.ts";
import { askedNote, plainBySql } from "../check/plain-tables.ts";
import type { SqlFile } from "../check/sql-script.ts";
import { ReleaseError } from "../core/model/errors.ts";
import type { RepoFacts } from "../core/model/production-facts.ts";
import type { RuleDialect } from "../core/safety/rules/rule.ts";
import type { RepoInventory } from "../release/inventory.ts";
import type { Release } from "../release/release.ts";
import { sqliteTrial } from "../shadow/sqlite/trial.ts";
import { chosen, type ShadowRequest } from "./check-on-shadow.ts";
import { inItsOwnWords, withCodeRun } from "./checking/code-run.ts";
import { laneKey } from "./checking/lane-key.ts";
import { findNamed } from "./checking/named.ts";
import { type CheckedPart, ofAll, ofChange, ofNamed, ofPending } from "./checking/part.ts";
import { refusedOfHistory, type ShadowOf } from "./checking/refused.ts";
import { changesSince } from "./checking/repo-change.ts";
import { inTenants, pendingOfTenants, untoldByFacts, withTenants } from "./checking/tenants.ts";
import type { FactsFile } from "./facts-in.ts";

export type CheckReleaseOptions = {
  readonly major: number | undefined;
  readonly policy: boolean;
  /** The folder of the project. */
  readonly root: string;
  /**
   * The branch or commit to compare with. Default: judges the migrations that the database has not
   * run.
   */
  readonly base?: string | undefined;
  /** How many tenants there are, where no database says it. */
  readonly tenants?: number | undefined;
  /** With a base: whether an edit of a migration that has run is only a note. */
  readonly allowEdited: boolean;
  /** Production's facts, by the file that holds them. */
  readonly facts?: FactsFile | undefined;
  /** Where statements of PostgreSQL are tried. Default: nowhere. */
  readonly shadow?: Omit<ShadowOf, "major"> | undefined;
};

/** The findings about a release, and the SQL files that were named beside its migrations. */
export type ReleaseCheck = Findings & Scope & { readonly sqlFiles: readonly SqlFile[] };

/**
 * Only pending migrations ask the database.
 *
 * @throws {ReleaseError} errors of loading the migrations, `connection_failed`,
 * `migration_not_in_release`, `base_unreadable`
 */
export async function checkRelease(
  request: ShadowRequest,
  options: CheckReleaseOptions,
): Promise<ReleaseCheck> {
  const release = await request.context.release();
  const notes: CheckNote[] = [];
  const shared = await chosen(release, request.flags.repo, {
    isAble: ({ rules }) => rules !== undefined,
    refusal: withoutRules,
    leftOut: (repo) => notes.push(notJudged(repo)),
  });
  const repos = withTenants(shared);
  const { releasePath, world } = request.context;
  const { cwd } = world;
  const facts = factsOf(release, shared, { file: options.facts, now: request.context.world.now() });
  if (facts?.oldDays !== undefined)
    notes.push({ code: "facts_old", message: `the facts are ${facts.oldDays} days old` });
  const named = findNamed(request.args, repos, { cwd, root: options.root });
  const isNamed = request.args.length > 0;
  const { base } = options;
  const changes =
    base === undefined
      ? undefined
      : await changesSince(release, repos, {
          ...{ ...options, ref: base, releasePath: releasePath && resolve(cwd, releasePath) },
        });
  const found: Findings[] = [];
  const judged: Judged[] = [];
  const forecasts: PlacedForecast[] = [];
  for (const repo of repos) {
    const versions = isNamed ? (named.versions.get(laneKey(repo)) ?? new Set()) : undefined;
    const change = changes?.get(laneKey(repo));
    const factsOfRepo = facts?.facts.repos[repo.repo];
    if (versions?.size === 0 || (changes !== undefined && change === undefined)) continue;
    const isAsked = changes === undefined && versions === undefined && !request.flags.all;
    if (repo.ofTenants && isAsked && facts !== undefined) {
      notes.push(untoldByFacts(repo));
      continue;
    }
    const part =
      change !== undefined
        ? ofChange(change, { versions, base: base ?? "" })
        : versions !== undefined
          ? ofNamed(repo, versions)
          : request.flags.all
            ? ofAll(repo)
            : repo.ofTenants
              ? await pendingOfTenants(repo, release)
              : await ofPending(repo, { release, applied: factsOfRepo?.applied });
    const ran = await withCodeRun(repo, part, { release, request });
    judged.push(judgedOf(repo, part, { against: base, unjudged: ran.unjudged.length }));
    const whole = { ...part, history: ran.history };
    const {
      notes: more,
      forecasts: takes,
      ...own
    } = await judge(repo, whole, { ...options, release }, factsOfRepo);
    notes.push(...(part.notes ?? []), ...ran.notes, ...more);
    forecasts.push(...takes);
    found.push(own);
  }
  return {
    findings: found.flatMap((one) => one.findings),
    answered: found.flatMap((one) => one.answered),
    // Each repo gives the same note when the base cannot be read.
    notes: [...new Map(notes.map((note) => [`${note.file} ${note.message}`, note])).values()],
    ...{ judged, forecasts, sqlFiles: named.sqlFiles },
  };
}

async function judge(
  repo: RepoInventory,
  { how, history, wanted, findings = [], tenants }: CheckedPart,
  {
    major,
    policy,
    release,
    shadow,
    tenants: saidTenants,
  }: CheckReleaseOptions & { readonly release: Release },
  facts: RepoFacts | undefined,
): Promise<Findings & FactsScope> {
  const dialect = repo.rules as RuleDialect;
  const parser = await parserOf(repo, dialect);
  const beside = shadow?.sql && needsTrees(dialect) ? parser.statements(shadow.sql) : undefined;
  const asked = {
    ...{ parser, dialect, policy },
    major: major ?? facts?.server.major,
    wanted: new Set(wanted),
    isOneRun: how === "pending" || how === "base",
    own: repo.ownRules,
    replacesUnsafe: repo.replacesUnsafe,
    published: facts,
    isPlain: facts ? plainBy(facts) : beside && plainBySql(beside),
  };
  const refused =
    shadow === undefined || !needsTrees(dialect)
      ? undefined
      : await refusedOfHistory(linesOfHistory(history, asked), asked.wanted, {
          ...{ ...shadow, major: asked.major ?? newestMajor },
        });
  const { asks, ...one } = checkHistory(history, { ...asked, refused });
  const found = repo.ofTenants
    ? inTenants(one, {
        ...{ repo, history, wanted, parser, major: asked.major, isSized: facts !== undefined },
        tenants: saidTenants ?? tenants,
      })
    : { ...one, notes: [] };
  const { notes, forecasts, ...sized } =
    facts !== undefined
      ? byFacts(found, facts)
      : {
          ...(how === "pending" && !repo.ofTenants
            ? await gradedBySize(found, { release, repo: repo.repo })
            : found),
          ...{ notes: [], forecasts: [] },
        };
  const all = [
    ...found.notes,
    ...notes,
    ...asks.map(askedNote),
    ...halfWas(history, new Set(wanted)),
  ];
  const own = inItsOwnWords(sized.findings, repo);
  return { ...sized, findings: [...findings, ...own], notes: all, forecasts };
}

/** Where a history began elsewhere, a database has more than its migrations say. */
async function parserOf({ startAfter }: RepoInventory, dialect: RuleDialect): Promise<Parser> {
  const sqlite = await sqliteTrial({ mayHaveMore: startAfter !== undefined });
  return neededParser("check", dialect, { sqlite });
}

/** @throws {ReleaseError} `facts_unreadable` */
function factsOf(
  release: Release,
  repos: readonly RepoInventory[],
  { file, now }: { readonly file: FactsFile | undefined; readonly now: Date },
): ReadFacts | undefined {
  if (file === undefined) return undefined;
  return parseFacts(file.text, { path: file.path, app: release.app, repos, now });
}

function judgedOf(
  { repo, ofTenants }: RepoInventory,
  { how, wanted, earlier, leftOut }: CheckedPart,
  { against, unjudged }: { readonly against: string | undefined; readonly unjudged: number },
): Judged {
  const known = {
    ...{ repo, ...(ofTenants ? { tenants: ofTenants } : {}) },
    ...{ how, migrations: wanted.length - unjudged, earlier },
    ...(leftOut === undefined ? {} : { leftOut }),
    ...(unjudged === 0 ? {} : { unjudged }),
  };
  return against === undefined ? known : { ...known, against };
}

function notJudged({ repo, adapter }: RepoInventory): CheckNote {
  const message = `repo ${repo}: not judged, because no safety rule is for ${adapter}`;
  return { code: "repo_not_judged", message };
}

function withoutRules(repos: readonly string[]): ReleaseError {
  return new ReleaseError("usage_invalid", {
    reason: `no safety rule is for the database of ${repos.join(", ")}`,
    hint: "Name a repo of PostgreSQL, MySQL, MariaDB or SQLite with --repo.",
  });
}

/** The pending migrations came from the database, which also knows how large its tables are. */
async function gradedBySize(
  found: Findings,
  { release, repo }: { readonly release: Release; readonly repo: string },
): Promise<Findings> {
  const tables = tablesThatMatter(found);
  return tables.length === 0 ? found : graded(found, await release.tableSizes(repo, tables));
}
