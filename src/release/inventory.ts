/** Every migration of a release, compiled without a database, for the build to write down. */
import type { SchemaDefaults } from "../core/language/defaults.ts";
import type { RuleDialect } from "../core/language/dialect.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import { isReleaseError, type ReleaseError, refuse } from "../core/model/errors.ts";
import type { MigrationFile, Version } from "../core/model/migration.ts";
import { duplicatesOf } from "../core/plan/plan.ts";
import { type PlannedAhead, planAhead } from "../core/plan/plan-ahead.ts";
import { type Action, prepare } from "../core/plan/prepare.ts";
import type { LoadedMigration, Step } from "../core/plan/step.ts";
import type { StoredPlan } from "../core/plan/stored-plan-data.ts";
import type { Rule } from "../core/safety/rules/rule.ts";
import type { Placeholders } from "../core/sql/placeholders.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import { meaningChecksum } from "../engine/checksum.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";
import type { Source } from "../engine/discovery/source.ts";
import type { TenantsOption } from "../fleet/tenants-option.ts";
import type { Repo } from "./config.ts";
import { type Lane, laneOf } from "./lane.ts";
import { settleAll } from "./settle.ts";
import { sourceOf } from "./source.ts";
import { ofTenants, tenantDataLaneOf, tenantLaneOf } from "./tenants/tenant-lane.ts";

/** A migration as it would be kept in the history. */
export type InventoryEntry = {
  readonly file: MigrationFile;
  readonly checksum: string | undefined;
  /** A checksum of its meaning. */
  readonly meaning: string;
  readonly plan: StoredPlan;
  /** The migration as it would run. */
  readonly step: Step;
  /** The line of each action of the step in the migration's file; `undefined` where that is not known. */
  readonly lines: readonly (number | undefined)[];
  /** Compiles it so that a release needs no compiler; with the prefix of a run, where one is given. */
  planAhead(prefix?: string): PlannedAhead;
};

/** The migrations of one repo, compiled. */
export type RepoInventory = {
  readonly repo: string;
  /** The kind of database that it was compiled for: the adapter's name. */
  readonly adapter: string;
  /** The safety rules that are for it. Default: none are. */
  readonly rules?: RuleDialect | undefined;
  /** Up to which version safety rules say nothing. */
  readonly startAfter: Version | undefined;
  /** The release's own safety rules. */
  readonly ownRules: readonly Rule[];
  /** Objects that are not its own, as patterns: `public.audit_*`. */
  readonly ignore: readonly string[];
  /** Whether safe forms replace unsafe operations (`safe: "auto"`). */
  readonly replacesUnsafe: boolean;
  /** Whose modules the migrations are. Default: Slipway's. */
  readonly modules: ForeignModules | undefined;
  readonly placeholders: Placeholders | undefined;
  readonly layout: LayoutName | undefined;
  /** The name of its dialect. */
  readonly dialect: string;
  /** Whose rules its SQL follows. */
  readonly syntax: SqlSyntax;
  readonly defaults: SchemaDefaults;
  /**
   * The parts of the repo that are only known where its migrations run: `its hooks`. Default:
   * nothing.
   */
  readonly knownLater?: string | undefined;
  readonly migrations: readonly InventoryEntry[];
  readonly dataMigrations: readonly InventoryEntry[];
  /** The migrations of each tenant. Left out where the repo is one. */
  readonly tenantMigrations?: readonly InventoryEntry[];
  readonly tenantDataMigrations?: readonly InventoryEntry[];
  /**
   * Where each tenant lives, and how many there are where the release lists them. Left out where
   * the repo is one.
   */
  readonly tenants?: { readonly in: "schemas" | "files" | "databases"; readonly count?: number };
  /** Whether `migrations` are those of each tenant instead of those of all. Default: they are not. */
  readonly ofTenants?: true;
};

/** @throws {ReleaseError} all that is wrong with any of them, at once */
export function takeInventory(
  repos: readonly Repo[],
  root: string,
): Promise<readonly RepoInventory[]> {
  return settleAll(repos, async (repo) => ({
    repo: repo.name,
    adapter: repo.adapter.name,
    rules: repo.adapter.dialect.rules,
    startAfter: repo.startAfter,
    ownRules: repo.ownRules,
    ignore: repo.ignore,
    replacesUnsafe: repo.safe === "auto",
    modules: repo.modules,
    placeholders: repo.placeholders,
    layout: repo.layout,
    dialect: repo.adapter.dialect.name,
    syntax: repo.adapter.dialect.syntax,
    defaults: repo.defaults,
    knownLater: knownLater(repo),
    migrations: await entries(repo, laneOf(repo, "schema", {}), root),
    dataMigrations: await entries(repo, laneOf(repo, "data", {}), root),
    ...(repo.tenants === undefined
      ? {}
      : {
          tenantMigrations: await entries(ofTenants(repo), tenantLaneOf(repo, {}), root),
          tenantDataMigrations: await entries(ofTenants(repo), tenantDataLaneOf(repo, {}), root),
          tenants: tenantsFact(repo.tenants),
        }),
  }));
}

function tenantsFact(tenants: TenantsOption): NonNullable<RepoInventory["tenants"]> {
  const [kind, given] =
    "files" in tenants
      ? (["files", tenants.files] as const)
      : "databases" in tenants
        ? (["databases", tenants.databases] as const)
        : (["schemas", "schemas" in tenants ? tenants.schemas : tenants] as const);
  return typeof given === "function"
    ? { in: kind }
    : { in: kind, count: Object.keys(given).length };
}

function knownLater({ hooks, safe, modules }: Repo): string | undefined {
  if (Object.values(hooks).some((hook) => hook !== undefined)) return "its hooks";
  if (safe === "auto") return "which operations are replaced by safe ones";
  return modules === undefined ? undefined : "what modules of another tool do";
}

async function entries(
  repo: Repo,
  { migrations, mayBeMissing }: Lane,
  root: string,
): Promise<readonly InventoryEntry[]> {
  const source = sourceOf(migrations, { repo: repo.name, root, mayBeMissing });
  const { files } = await source.list();
  const found: ReleaseError[] = [];
  const entries: InventoryEntry[] = [];
  for (const file of files) {
    try {
      entries.push(await entry(file, source, repo));
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      found.push(error);
    }
  }
  refuse([...duplicatesOf(repo.name, files), ...found]);
  return entries;
}

async function entry(file: MigrationFile, source: Source, repo: Repo): Promise<InventoryEntry> {
  const { dialect } = repo.adapter;
  const loaded = await source.load(file, dialect.syntax);
  const migration: LoadedMigration = {
    ...loaded,
    checksum: loaded.checksum ?? (await source.checksum(file)),
  };
  const { defaults, hooks } = repo;
  const lines = new Map<object, number | undefined>();
  const [step] = prepare({
    ...{ direction: "up", migrations: [migration], dialect, defaults, hooks },
    replaceUnsafe: repo.safe === "auto",
    onLine: (op, line) => lines.set(op.kind === "safely" ? op.form : op, line),
  });
  const { checksum: text, meaning, plan } = step!.kept!;
  return {
    ...{ file, checksum: text, meaning: meaningChecksum(meaning), plan, step: step! },
    lines: step!.actions.map((action) => lines.get(writtenAs(action) ?? action)),
    planAhead: (prefix) =>
      planAhead(migration, { dialect, defaults, hooks, prefix }, dialect.servers?.() ?? []),
  };
}

/** The migration's record of an action: an operation, or the safe form that contains it. */
function writtenAs(action: Action): object | undefined {
  if (action.kind === "run") return undefined;
  return action.safely ?? (action.kind === "statements" ? action.operation : undefined);
}
