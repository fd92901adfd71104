/** What a release is made of: the user's literal, checked, with its defaults filled in. */
import type { Adapter } from "../adapters/adapter.ts";
import { ReleaseError, refuse } from "../core/errors.ts";
import type { Hooks } from "../core/plan/record.ts";
import type { SchemaDefaults } from "../core/schema/defaults.ts";
import type { migrationMap } from "../engine/discovery/map.ts";
import { nearest } from "./nearest.ts";

/**
 * Folders, relative to the release's root; or the migrations themselves, as a map from
 * `20210718153339_create_posts` to a module, its import or SQL, or as a list.
 */
export type MigrationsOption = string | readonly string[] | MigrationMap;
export type MigrationMap = Parameters<typeof migrationMap>[0];

export type RepoConfig = SchemaDefaults &
  Hooks & {
    /** The database: `postgres({ url })`, `pglite({ dataDir })`, `sqlite({ path })`. */
    readonly adapter: Adapter;
    /** Default: `db/<repo>/migrations`. */
    readonly migrations?: MigrationsOption;
    /** Default: `db/<repo>/data_migrations`. */
    readonly dataMigrations?: MigrationsOption;
    /** The table of applied migrations. Default: `schema_migrations`. */
    readonly historyTable?: string;
    /** The table of applied data migrations. Default: `data_migrations`. */
    readonly dataHistoryTable?: string;
    /** Refuse a pending migration that is older than an applied one. Default: `false`, which warns. */
    readonly strictVersionOrder?: boolean;
    /** Whether a lock keeps two migrators apart. Default: `true`. Without it nothing else does. */
    readonly lock?: boolean;
    /** How long to wait for the lock, in milliseconds. Default: 300000, five minutes. */
    readonly lockWaitMs?: number;
  };

export type ReleaseConfig<
  Repos extends { readonly [repo: string]: RepoConfig } = { readonly [repo: string]: RepoConfig },
> = {
  /** The name of the app: how connections present themselves, and what the built release is called. */
  readonly app: string;
  /** The app's version, kept in the history. Default: none. */
  readonly version?: string;
  /** What migration folders are relative to. Default: the working folder; the command line takes the project's. */
  readonly root?: string;
  /** The databases, in the order in which they are migrated. */
  readonly repos: Repos;
};

/** A repo with its defaults filled in. */
export type Repo = {
  readonly name: string;
  readonly adapter: Adapter;
  readonly migrations: MigrationsOption;
  readonly dataMigrations: MigrationsOption;
  /** Whether the user named the data folder, so that its absence is an error. */
  readonly dataMigrationsGiven: boolean;
  readonly historyTable: string;
  readonly dataHistoryTable: string;
  readonly strictVersionOrder: boolean;
  readonly lock: boolean;
  readonly lockWaitMs: number;
  readonly defaults: SchemaDefaults;
  readonly hooks: Hooks;
};

const releaseOptions = ["app", "version", "root", "repos"];
const repoOptions = [
  "adapter",
  "migrations",
  "dataMigrations",
  "historyTable",
  "dataHistoryTable",
  "strictVersionOrder",
  "lock",
  "lockWaitMs",
  "prefix",
  "primaryKey",
  "foreignKey",
  "timestamps",
  "afterBegin",
  "beforeCommit",
];

/** @throws {ReleaseError} `option_unknown`, `option_invalid`: all that is wrong, at once */
export function checkConfig(config: ReleaseConfig): readonly Repo[] {
  refuse([...unknownOptions(config, "defineRelease", releaseOptions), ...invalidRelease(config)]);
  const entries = Object.entries(config.repos);
  refuse(
    entries.flatMap(([name, repo]) => [
      ...unknownOptions(repo, `repo ${name}`, repoOptions),
      ...invalidRepo(name, repo),
    ]),
  );
  return entries.map(([name, repo]) => withDefaults(name, repo));
}

/** Options that nothing knows, which is what a typing error gives in JavaScript. */
export function unknownOptions(
  given: object,
  of: string,
  known: readonly string[],
): readonly ReleaseError[] {
  return Object.keys(given)
    .filter((option) => !known.includes(option))
    .map(
      (option) => new ReleaseError("option_unknown", { option, of, known: nearest(option, known) }),
    );
}

function withDefaults(name: string, config: RepoConfig): Repo {
  const { afterBegin, beforeCommit, prefix, primaryKey, foreignKey, timestamps } = config;
  const defaults = Object.entries({ prefix, primaryKey, foreignKey, timestamps }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    name,
    adapter: config.adapter,
    migrations: config.migrations ?? `db/${name}/migrations`,
    dataMigrations: config.dataMigrations ?? `db/${name}/data_migrations`,
    dataMigrationsGiven: config.dataMigrations !== undefined,
    historyTable: config.historyTable ?? "schema_migrations",
    dataHistoryTable: config.dataHistoryTable ?? "data_migrations",
    strictVersionOrder: config.strictVersionOrder ?? false,
    lock: config.lock ?? true,
    lockWaitMs: config.lockWaitMs ?? 300_000,
    defaults: Object.fromEntries(defaults) as SchemaDefaults,
    hooks: { afterBegin, beforeCommit },
  };
}

function invalidRelease(config: ReleaseConfig): readonly ReleaseError[] {
  const found: ReleaseError[] = [];
  if (typeof config.app !== "string" || config.app === "")
    found.push(invalid("app", config.app, "a name"));
  const repos = config.repos;
  if (typeof repos !== "object" || repos === null || Object.keys(repos).length === 0) {
    found.push(invalid("repos", repos, "at least one repo"));
  }
  return found;
}

function invalidRepo(name: string, config: RepoConfig): readonly ReleaseError[] {
  const found: ReleaseError[] = [];
  const { adapter, historyTable, dataHistoryTable, lockWaitMs } = config;
  if (typeof adapter?.open !== "function")
    found.push(invalid(`repos.${name}.adapter`, adapter, "an adapter, such as postgres({ url })"));
  if ((historyTable ?? "schema_migrations") === (dataHistoryTable ?? "data_migrations")) {
    found.push(
      invalid(
        `repos.${name}.dataHistoryTable`,
        dataHistoryTable,
        "another table than historyTable",
      ),
    );
  }
  if (lockWaitMs !== undefined && !(typeof lockWaitMs === "number" && lockWaitMs >= 0)) {
    found.push(invalid(`repos.${name}.lockWaitMs`, lockWaitMs, "a number of milliseconds"));
  }
  return found;
}

/** An option whose value is not what it must be. */
export function invalid(option: string, value: unknown, expected: string): ReleaseError {
  const given = typeof value === "bigint" ? `${value}n` : (JSON.stringify(value) ?? String(value));
  return new ReleaseError("option_invalid", { option, value: given, expected });
}
