/**
 * The migrations of tenants: judged apart from the shared ones, with the number of tenants in mind.
 */
import { newestMajor } from "../../check/check-files.ts";
import type { HistoryMigration, PlacedWork } from "../../check/check-history.ts";
import type { Finding, Findings } from "../../check/finding.ts";
import type { CheckNote } from "../../check/judged.ts";
import { needsTrees, type Parser } from "../../check/parser.ts";
import { type ErrorCode, ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import { warning } from "../../core/model/warnings.ts";
import { judgedStep } from "../../core/plan/step-script.ts";
import { sharedLocks } from "../../core/safety/effects/shared-locks.ts";
import { sizeMatters } from "../../core/safety/rules/grade.ts";
import type { InventoryEntry, RepoInventory } from "../../release/inventory.ts";
import { isLeftAlone } from "../../release/left-alone.ts";
import type { Release } from "../../release/release.ts";
import { hintForSteps, isWhole } from "../../release/tenants/tenant-decided.ts";
import { paceWords } from "../../release/tenants/tenants-plan.ts";
import { laneKey } from "./lane-key.ts";
import type { CheckedPart } from "./part.ts";

/** Adds the migrations of each tenant after each repo with tenants. */
export function withTenants(repos: readonly RepoInventory[]): readonly RepoInventory[] {
  return repos.flatMap((repo) =>
    repo.tenantMigrations === undefined
      ? [repo]
      : [
          repo,
          {
            ...repo,
            ofTenants: true as const,
            migrations: repo.tenantMigrations,
            dataMigrations: [],
            replacesUnsafe: false,
          },
        ],
  );
}

/** The migrations that any tenant lacks, and how many tenants there are, from the database. */
export async function pendingOfTenants(
  { repo, migrations, startAfter }: RepoInventory,
  release: Release,
): Promise<CheckedPart> {
  const all = migrations.map(({ file }) => file.version);
  const { versions = all, tenants } = await plannedFor(repo, release);
  const pending = new Set<Version>(versions);
  const wanted = migrations
    .map(({ file }) => file)
    .filter((file) => pending.has(file.version) && !isLeftAlone(file, startAfter));
  return {
    how: "pending",
    history: migrations,
    wanted: wanted.map(({ version }) => version),
    earlier: migrations.length - pending.size,
    ...(tenants === undefined ? {} : { tenants }),
  };
}

/**
 * Empty where a run would refuse the migrations themselves: the check then judges all of them, and
 * reports that.
 */
async function plannedFor(
  repo: string,
  release: Release,
): Promise<{ readonly versions?: readonly Version[]; readonly tenants?: number }> {
  const quiet = release.using({ write: () => undefined, emit: () => undefined });
  try {
    const [plan] = await quiet.plan({ repo, tenants: { only: true } });
    const { steps = [], tenants } = plan?.tenants ?? {};
    // While there are none, all is new to the first of them.
    if (tenants === 0) return {};
    const versions = steps.map(({ file }) => file.version);
    return tenants === undefined ? { versions } : { versions, tenants };
  } catch (error) {
    const codes = error instanceof ReleaseError ? codesOf(error) : [];
    if (codes.length > 0 && codes.every((code) => code === "migration_invalid")) return {};
    throw error;
  }
}

function codesOf(error: ReleaseError): readonly ErrorCode[] {
  if (error.code !== "several") return [error.code];
  return (error as ReleaseError<"several">).details.errors.flatMap(codesOf);
}

/** Facts only know the shared migrations that have run. */
export function untoldByFacts(repo: RepoInventory): CheckNote {
  const message = `repo ${laneKey(repo)}: not judged, because facts do not say what tenants have run: name the migrations, or say --base`;
  return { code: "repo_not_judged", message };
}

type About = {
  readonly repo: RepoInventory;
  readonly history: readonly InventoryEntry[];
  readonly wanted: readonly Version[];
  readonly parser: Parser;
  readonly major: number | undefined;
  /** The number of tenants. Default: the list in the release, else nobody knows. */
  readonly tenants: number | undefined;
  /** Whether facts of production say how large tables are. */
  readonly isSized: boolean;
};

/** The findings about one tenant, and the notes about all of them. */
export function inTenants<Found extends Findings & { readonly works: readonly PlacedWork[] }>(
  found: Found,
  about: About,
): Found & { readonly notes: readonly CheckNote[] } {
  const { repo, history, wanted } = about;
  const asked = history.filter(({ file }) => wanted.includes(file.version));
  const count = about.tenants ?? repo.tenants?.count;
  const inSchemas = repo.tenants?.in === "schemas";
  const isTold = ({ rule }: Finding) => inSchemas && !about.isSized && sizeMatters(rule);
  return {
    ...found,
    findings: [
      ...found.findings.filter((one) => !isTold(one)),
      ...(inSchemas ? asked.filter(({ step }) => !isWhole(step)).map(inPieces) : []),
    ],
    notes: [
      ...(asked.length === 0 ? [] : [howLong(repo, count)]),
      ...found.findings.filter(isTold).map((one) => eachTime(one, count)),
      ...(inSchemas ? shared(asked, about) : []),
    ],
  };
}

/** The total time over all tenants of migrations that take no time in one. */
function howLong(repo: RepoInventory, count: number | undefined): CheckNote {
  const words =
    count === undefined
      ? "how many there are is not known here: --tenants 10000 says it, and how long they all take"
      : (paceWords({ behind: count }) ?? "there is one");
  return { code: "tenants_many", message: `repo ${laneKey(repo)}: ${words}` };
}

/** A statement that takes longer with more rows takes that time once for each tenant. */
function eachTime({ file, line, rule, message }: Finding, count: number | undefined): CheckNote {
  const times = count === undefined ? "each tenant" : `each of ${count.toLocaleString("en-US")}`;
  return {
    code: "tenants_each",
    file,
    message: `line ${line}: ${rule}: ${message}; in ${times}, for as long as its own table has rows`,
  };
}

/** A run refuses such a migration: a tenant would stand between two of its transactions. */
function inPieces({ file }: InventoryEntry): Finding {
  return {
    ...{ rule: "tenant-in-pieces", tier: "core", file: file.origin, line: 1, statement: "" },
    message: "a migration of tenants must be one transaction, and `migrate` refuses this one",
    ...{ severity: "high", tables: [], safe: { sql: [`-- ${hintForSteps}`] } },
    source: "docs/fleets.md",
  };
}

/** The locks on objects that all tenants share. */
function shared(asked: readonly HistoryMigration[], about: About): readonly CheckNote[] {
  const { parser, major = newestMajor, repo } = about;
  if (repo.rules === undefined || !needsTrees(repo.rules)) return [];
  const scripts = asked.map(({ step, lines }) => judgedStep(step, parser, lines).script);
  return sharedLocks(scripts, parser, { major }).flatMap((locks, i) =>
    locks.map(({ object, mode, statement, line }): CheckNote => {
      const { origin } = asked[i]!.file;
      const { message } = warning("tenants_share", { origin, object, mode, statement });
      return {
        code: "tenants_share",
        file: origin,
        message: `line ${line}: ${message.slice(origin.length + 2)}`,
      };
    }),
  );
}
