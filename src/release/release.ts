/** The methods of a release, all in one interface. */
import type { Adapter } from "../adapters/adapter.ts";
import type { RepoDiagnosis } from "../core/model/diagnosis.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { ProductionFacts } from "../core/model/production-facts.ts";
import type { TableSizes } from "../core/safety/rules/grade.ts";
import type { Listener } from "../rpc/listen.ts";
import type { Adoption } from "./adopt.ts";
import type { AdoptionBack } from "./adopt-back.ts";
import type { Backfills } from "./backfills.ts";
import type { ReleaseChanges } from "./changes.ts";
import type { Counted } from "./count-as.ts";
import type { DumpOptions, SchemaDump } from "./dump-schema.ts";
import type { FolderReading } from "./folders.ts";
import type { RepoHistory } from "./history.ts";
import type { RepoInventory } from "./inventory.ts";
import type { SchemaLoaded, SchemaLoadOptions } from "./load-schema.ts";
import type { RepoOutcome } from "./migrate.ts";
import type {
  AdoptBackOptions,
  AdoptOptions,
  BaselineOptions,
  BootOptions,
  DoctorOptions,
  DropOptions,
  FactsOptions,
  HistoryOptions,
  MarkOptions,
  MigrateDataOptions,
  MigrateOptions,
  ReadyOptions,
  RepoOption,
  RollbackOptions,
  RollbackTarget,
  StatusOptions,
  VerifyOptions,
  VerifySchemaOptions,
  WaitOptions,
} from "./options.ts";
import type { RepoTables, TablesOptions } from "./own-tables.ts";
import type { RepoReadiness } from "./readiness.ts";
import type { RepoPlan } from "./repo-plan.ts";
import type { Seeds } from "./seed.ts";
import type { RepoStatus } from "./status.ts";
import type { StorageOutcome } from "./storage.ts";
import type { TenantCommands } from "./tenants/tenant-commands.ts";
import type { Verification } from "./verify.ts";
import type { SchemaVerification } from "./verify-schema.ts";

/** The options of `listen`. */
export type ListenOptions = {
  /** The names that expressions of `rpc` find beside `Release`, `argv` and `console`. Default: none. */
  readonly scope?: { readonly [name: string]: unknown };
  /** Where the socket is. Default: in `RELEASE_TMP`, or else in `tmp` of the release. */
  readonly path?: string;
};

/** All that can be done to the databases of a release, in one value. `defineRelease` makes it. */
export interface Release<RepoName extends string = string> extends TenantCommands<RepoName> {
  /** The name of the app. */
  readonly app: string;
  /** The app's version, where it is known. */
  readonly version: string | undefined;

  /** The names of the repos, in the order in which they are migrated. */
  repos(): readonly RepoName[];

  /**
   * Runs pending migrations. Default: all of them, on every repo.
   *
   * @throws {ReleaseError} every refusal, before anything ran; `migration_failed`, `partly_failed`, `lock_held`
   */
  migrate(options?: MigrateOptions<RepoName>): Promise<readonly RepoOutcome[]>;

  /**
   * Rolls one repo back to a version; that version is rolled back too.
   *
   * @throws {ReleaseError} `version_unknown`, `irreversible`, `not_in_release`, `migration_failed`
   */
  rollback(
    repo: RepoName,
    version: VersionInput | RollbackTarget,
    options?: RollbackOptions,
  ): Promise<RepoOutcome>;

  /** Prints which migrations have run and which have not, and gives it as data. Takes no lock and writes nothing. */
  migrationStatus(options?: StatusOptions<RepoName>): Promise<readonly RepoStatus[]>;

  /** Runs pending data migrations: their own folder, their own history, by hand. */
  migrateData(options?: MigrateDataOptions<RepoName>): Promise<readonly RepoOutcome[]>;

  /** Backfills one by one: looking at them, pausing, another pace, working on one of them. */
  readonly backfills: Backfills;

  /** Gives the plan of `migrate`. Takes no lock and writes nothing. */
  plan(
    options?: MigrateOptions<RepoName> & {
      /** Data migrations instead of schema migrations. Default: `false`. */
      readonly data?: boolean;
    },
  ): Promise<readonly RepoPlan[]>;

  /** Gives the plan of `rollback`. Takes no lock and writes nothing. */
  planRollback(
    repo: RepoName,
    target: VersionInput | RollbackTarget,
    options?: RollbackOptions,
  ): Promise<RepoPlan>;

  /** How the migrations of this release relate to each database: same, behind, ahead, edited. Writes nothing. */
  verify(options?: VerifyOptions<RepoName>): Promise<readonly Verification[]>;

  /**
   * Compares each database with the schema that the last run left there, and finds changes by hand. Writes nothing,
   * unless it is to `accept` the present schema.
   *
   * @throws {ReleaseError} `schema_not_kept`, `dump_unsupported`
   */
  verifySchema(options?: VerifySchemaOptions<RepoName>): Promise<readonly SchemaVerification[]>;

  /**
   * The last things that were done to migrations: who, when, with what result, failures included; the newest first.
   * Takes no lock and writes nothing.
   */
  history(options?: HistoryOptions<RepoName>): Promise<readonly RepoHistory[]>;

  /**
   * Settles what an interrupted run left in doubt: `done` continues behind the statement, `again` runs it once more. Or
   * makes a whole migration count as `applied` or `pending`, and runs nothing of it.
   *
   * @throws {ReleaseError} `nothing_to_mark`, `version_unknown`, `lock_held`
   */
  mark(repo: RepoName, version: VersionInput, options: MarkOptions): Promise<void>;

  /**
   * For a database that has the schema and no history: all migrations up to `at` count as applied, and none runs.
   *
   * @throws {ReleaseError} `version_unknown`, `baseline_refused`, `lock_held`
   */
  baseline(repo: RepoName, options: BaselineOptions): Promise<Counted>;

  /**
   * Records the migrations that another tool's history has as applied. Runs no migration, and leaves the other tool's table as it is.
   * Doing it twice does nothing. Not in the command line of a built release.
   *
   * @throws {ReleaseError} `foreign_missing`, `foreign_ambiguous`, `foreign_locked`, `foreign_doubtful`, `lock_held`
   */
  adopt(repo: RepoName, options?: AdoptOptions): Promise<Adoption>;

  /**
   * Writes the other tool's history again, so that it agrees with Slipway's: a team goes back. Only while nothing
   * has run that was made after the history moved in. Not in the command line of a built release.
   *
   * @throws {ReleaseError} `foreign_missing`, `foreign_ambiguous`, `foreign_locked`, `back_refused`, `lock_held`
   */
  adoptBack(repo: RepoName, options?: AdoptBackOptions): Promise<AdoptionBack>;

  /**
   * Gives facts about the databases: versions, settings, sizes, write rates, indexes, publications, replicas and which
   * migrations have run, for `check --facts`. Reads catalogs and statistics, no row of a table, and writes nothing.
   *
   * @throws {ReleaseError} `connection_failed`, `usage_invalid` for a database that tells nothing
   * of itself
   */
  facts(options?: FactsOptions<RepoName>): Promise<ProductionFacts>;

  /**
   * Finds out before a run why something will not work: faults of each database, of the role and of the way to it, each
   * with what to do. It gives faults, and does not throw them. Takes no lock and writes nothing.
   *
   * @throws {ReleaseError} `repo_unknown`, `interrupted`
   */
  doctor(options?: DoctorOptions<RepoName>): Promise<readonly RepoDiagnosis[]>;

  /**
   * For the start of an app: throws when a migration is pending that runs before a deploy, or when one has run that is
   * too new for this release.
   *
   * @throws {ReleaseError} `migrations_pending`, `release_outdated`
   */
  assertMigrated(options?: ReadyOptions<RepoName>): Promise<void>;

  /**
   * How large tables are, as PostgreSQL believes: by name, or `schema.name` outside of `public`. What nothing is known
   * of is left out. One SELECT on the catalog. Not in the command line of a built release, which judges nothing.
   *
   * @throws {ReleaseError} `repo_unknown`, `connection_failed`
   */
  tableSizes(repo: RepoName, tables: readonly string[]): Promise<TableSizes>;

  /**
   * The tables of Slipway's own as SQL, with the rights of a migrator, an app and a reader: for a database where the
   * migrator may not make them. Connects to nothing.
   *
   * @throws {ReleaseError} `repo_unknown`
   */
  tables(options?: TablesOptions<RepoName>): Promise<readonly RepoTables[]>;

  /** Whether this release can start on each database, and why not. Takes no lock and writes nothing. */
  readiness(options?: ReadyOptions<RepoName>): Promise<readonly RepoReadiness[]>;

  /**
   * Waits until this release can start. Reads the history and nothing else: no lock, no right but SELECT.
   *
   * @throws {ReleaseError} `wait_timed_out`, `release_outdated`, `interrupted`; `connection_failed` for a refused user
   */
  wait(options?: WaitOptions<RepoName>): Promise<readonly RepoReadiness[]>;

  /**
   * For the start of an app: runs all pending migrations, unless `skip`. Throws when that fails, so that the app does
   * not start.
   */
  migrateOnBoot(options?: BootOptions<RepoName>): Promise<readonly RepoOutcome[]>;

  /**
   * Makes the databases that are not there yet.
   *
   * @throws {ReleaseError} `storage_unsupported`, `storage_failed`, `connection_failed`
   */
  createStorage(options?: RepoOption<RepoName>): Promise<readonly StorageOutcome[]>;

  /**
   * Removes the databases with all that is in them.
   *
   * @throws {ReleaseError} `storage_unsupported`, `storage_failed`, `connection_failed`
   */
  dropStorage(options?: DropOptions<RepoName>): Promise<readonly StorageOutcome[]>;

  /**
   * Every migration of this release, compiled for the kind of database that its adapter is for, as `slipway release`
   * writes it down: not in the command line of a built release, which has it in its manifest. Connects to nothing and
   * reads no address.
   *
   * @throws {ReleaseError} all that is wrong with any of them, at once
   */
  inventory(): Promise<readonly RepoInventory[]>;

  /**
   * Opens the socket through which `bin/my_app rpc`, `stop` and `pid` reach this process, for its owner alone. Whoever
   * may write to it may do all that the app may do. Does not keep the process running.
   *
   * @throws {ReleaseError} `run_folder_unusable`
   */
  listen(options?: ListenOptions): Promise<Listener>;

  /**
   * Runs code on one repo, in a transaction that is rolled back when it throws: to fill a database. The history knows
   * nothing of it. An error of the code passes through.
   *
   * @throws {ReleaseError} `repo_unknown`, `connection_failed`, `interrupted`
   */
  seed(repo: RepoName, seeds: Seeds): Promise<void>;

  /**
   * The schema of each database as SQL, and what its history knows: the same bytes for the same schema. Only where
   * sources are. Writes nothing.
   *
   * @throws {ReleaseError} `dump_unsupported`, `repo_unknown`, `connection_failed`, `interrupted`
   */
  dump(options?: RepoOption<RepoName> & DumpOptions): Promise<readonly SchemaDump[]>;

  /**
   * Makes a schema that was dumped in an empty database, in one transaction, while it holds the lock of the migrations.
   *
   * @throws {ReleaseError} `load_not_empty`, `load_failed`, `dump_unsupported`, `repo_unknown`, `connection_failed`,
   *   `lock_held`, `interrupted`
   */
  load(repo: RepoName, sql: string, options?: SchemaLoadOptions): Promise<SchemaLoaded>;

  /**
   * Where a repo's database is, for messages and without its password. Never throws for an address and never connects.
   */
  address(repo: RepoName): string;

  /** The adapter of a repo, for what looks at its database beside the release. Opens nothing. */
  adapter(repo: RepoName): Adapter;

  /** The folders that a repo's migrations come from; none where a map gives them. */
  folders(
    repo: RepoName,
    options?: {
      /** Of data migrations instead of schema migrations. Default: `false`. */
      readonly data?: boolean;
      /** Of tenants' migrations. Default: `false`. */
      readonly tenants?: boolean;
    },
  ): readonly string[];

  /** How the files in those folders are read, as far as the repo says it. */
  reading(repo: RepoName): FolderReading;

  /**
   * The same release with another database, reporter or signal.
   *
   * @throws {ReleaseError} `option_unknown`, `option_invalid`, `repo_unknown`
   */
  using(changes: ReleaseChanges<RepoName>): Release<RepoName>;
}
