/** The options of a release's methods, typed so that a wrong pair does not compile. */
import type { SchemaCatalog } from "../core/catalog/catalog.ts";
import type { LockPolicySettings } from "../core/model/lock-policy.ts";
import type { Phase, VersionInput } from "../core/model/migration.ts";
import type { DoubtKind } from "../histories/match.ts";
import type { TenantRunOptions } from "./tenants/tenant-options.ts";

/** How far to go. Default: `{ all: true }`. The four exclude each other. */
export type TargetOptions =
  | {
      /** All that are pending. */
      readonly all?: true;
      readonly step?: never;
      readonly to?: never;
      readonly toExclusive?: never;
    }
  | PartTarget;

/** How far to roll back; every kind must be named, so that nothing is undone by leaving something out. */
export type RollbackTarget =
  | {
      readonly all: true;
      readonly step?: never;
      readonly to?: never;
      readonly toExclusive?: never;
    }
  | PartTarget;

/** Not all the way. */
type PartTarget =
  | {
      readonly step: number;
      readonly all?: never;
      readonly to?: never;
      readonly toExclusive?: never;
    }
  | {
      readonly to: VersionInput;
      readonly all?: never;
      readonly step?: never;
      readonly toExclusive?: never;
    }
  | {
      readonly toExclusive: VersionInput;
      readonly all?: never;
      readonly step?: never;
      readonly to?: never;
    };

/** Which repos. Default: all, in the order of the release. */
export type RepoOption<RepoName extends string> = {
  readonly repo?: RepoName | readonly RepoName[];
};

export type LogOptions = {
  /** The lines of what runs, and the database's notices. Default: `true`. */
  readonly log?: boolean;
  /** The SQL of the migrations. Default: `false`. */
  readonly logMigrationsSql?: boolean;
  /** The SQL of the migrator itself: transactions and history rows. Default: `false`. */
  readonly logMigratorSql?: boolean;
};

export type RunOptions = LogOptions & {
  /** The schema (PostgreSQL) or database (MySQL) of the history table and of everything that names none. */
  readonly prefix?: string;
  /** Refuse a pending migration that is older than an applied one. Default: the repo's, else `false`. */
  readonly strictVersionOrder?: boolean;
  /** Refuse unsafe operations also where tables have few rows or none. Default: `false`. */
  readonly strict?: boolean;
  /** `false` runs without the lock. Default: the repo's, else `true`. */
  readonly lock?: boolean;
  /** How long to wait for the lock, in milliseconds. Default: the repo's, else 300000. */
  readonly lockWaitMs?: number;
  /**
   * How long migrations may stand in the way of others. It wins over the migration and the repo.
   */
  readonly policy?: LockPolicySettings;
  /** Folders to read instead of the repo's. */
  readonly migrationsPath?: string | readonly string[];
  /** Warn, and do not refuse, when the file of an applied migration means something else now. Default: `false`. */
  readonly allowEdited?: boolean;
  /** Going down, undo by the files, also where something else ran. Default: `false`. */
  readonly fromFiles?: boolean;
};

/** The options of `migrateData`. */
export type MigrateDataOptions<RepoName extends string = string> = TargetOptions &
  RepoOption<RepoName> &
  RunOptions &
  BackfillOptions & {
    /** How tenants get theirs; `false` leaves them alone. Default: all of them, after the migrations of all. */
    readonly tenants?: Pick<TenantRunOptions, "names" | "only" | "concurrency"> | false;
  };

/** The options for data migrations that are backfills. */
export type BackfillOptions = {
  /**
   * Work on backfills for this many milliseconds, then stop; the next run continues. Default: until
   * they are finished.
   */
  readonly forMs?: number;
  /**
   * Continue a backfill whose definition has changed since it began. Default: `false`, which
   * refuses.
   */
  readonly acceptChanged?: boolean;
};

/** The options of `migrate`. */
export type MigrateOptions<RepoName extends string = string> = TargetOptions &
  RepoOption<RepoName> &
  RunOptions & {
    /** Only migrations that run before the deploy, or only those that run after it. Default: all, in order. */
    readonly phase?: Phase;
    /** How to migrate tenants; `false` leaves them alone. Default: all of them, after the migrations of all. */
    readonly tenants?: TenantRunOptions | false;
  };

/** The options of `rollback`, beside how far. */
export type RollbackOptions = RunOptions & {
  /** Roll these tenants back, or `"all"`, and no migration of all. Default: no tenants. */
  readonly tenants?: readonly string[] | "all";
  /** Roll back data migrations instead of schema migrations. Default: `false`. */
  readonly data?: boolean;
};

/** The options of `migrationStatus`. */
export type StatusOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** Data migrations too, in a second block. Default: `false`. */
  readonly data?: boolean;
  /** Where the repo is many, each tenant too. Default: `false`, how many are behind. */
  readonly tenants?: boolean;
  /** Only those tenants that are not up to date, in the block. Default: `false`. */
  readonly behind?: boolean;
  /** When each ran, too, in the block. Default: `false`. */
  readonly long?: boolean;
  /** Only up and down: no running, half applied, failed or edited migration. Default: `false`. */
  readonly plain?: boolean;
  /** The schema (PostgreSQL) or database (MySQL) of the history table. Default: the repo's. */
  readonly prefix?: string;
  /** Folders to read instead of the repo's. */
  readonly migrationsPath?: string | readonly string[];
};

/** The options of `migrateOnBoot`. */
export type BootOptions<RepoName extends string = string> = RepoOption<RepoName> &
  RunOptions & {
    /** Only migrations that run before the deploy, or only those that run after it. Default: all, in order. */
    readonly phase?: Phase;
    /** Run nothing and open nothing. Default: `false`. */
    readonly skip?: boolean;
  };

/** The options of `verify`. */
export type VerifyOptions<RepoName extends string = string> = Omit<
  StatusOptions<RepoName>,
  "plain" | "long" | "tenants" | "behind"
>;

/** The options of `verifySchema`. */
export type VerifySchemaOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /**
   * The schema (PostgreSQL) of the history table: only its objects are compared. Default: the
   * repo's.
   */
  readonly prefix?: string;
  /** Keep the present schema as the meant one, and compare nothing. Default: `false`. */
  readonly accept?: boolean;
  /** The schema to compare with, instead of the one that the last run kept. */
  readonly against?: SchemaCatalog;
};

/** The options of `assertMigrated` and `readiness`. */
export type ReadyOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** The schema (PostgreSQL) or database (MySQL) of the history table. Default: the repo's. */
  readonly prefix?: string;
  /** Start also when migrations have run that are too new for this release. Default: `false`. */
  readonly allowNewer?: boolean;
  /**
   * Look at tenants too. Default: `wait` and `assertMigrated` do where each tenant has a schema; `readiness` does not, so
   * that one new tenant never takes an app out of service. A tenant that is left alone keeps nobody waiting.
   */
  readonly tenants?: boolean;
};

/** The options of `wait`. */
export type WaitOptions<RepoName extends string = string> = ReadyOptions<RepoName> & {
  /** How long to wait, in milliseconds. Default: 600000, ten minutes. */
  readonly timeoutMs?: number;
};

/** The options of `history`. */
export type HistoryOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** The events of this tenant. Default: the events of the migrations of all. */
  readonly tenant?: string;
  /** How many events of each repo, from the newest. Default: 20. */
  readonly limit?: number;
  /** The schema (PostgreSQL) or database (MySQL) of the history table. Default: the repo's. */
  readonly prefix?: string;
};

export type DoctorOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** The schema of the history. Default: the connection's own. */
  readonly prefix?: string;
};

export type FactsOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** The schema of the history. Default: the connection's own. */
  readonly prefix?: string;
};

export type AdoptOptions = {
  /** The tool, as the list in docs/moving-from.md has it. Default: the one whose history is there. */
  readonly from?: string;
  /** Its table, where that has another name than usual. */
  readonly table?: string;
  /** Match and show, and record nothing. Default: `false`. */
  readonly dryRun?: boolean;
  /** Doubts that you answer for. Default: none, which refuses. */
  readonly accept?: readonly DoubtKind[];
  /** The histories in the schemas of tenants, and not that of the migrations of all. Default: `false`. */
  readonly tenants?: boolean;
};

export type AdoptBackOptions = Pick<AdoptOptions, "from" | "table" | "dryRun">;

export type BaselineOptions = {
  /** The newest migration that the database has. All up to it count as applied. */
  readonly at: VersionInput;
  /** Why, for the events. Default: `"baseline"`. */
  readonly reason?: string;
  /** Use the history of data migrations. Default: `false`. */
  readonly data?: boolean;
  readonly prefix?: string;
};

/** The options of `mark`. */
export type MarkOptions = (
  | {
      /**
       * For an interrupted migration. `done`: the statement had its effect, continue behind it.
       * `again`: it had none, run it once more. `anew`: nothing is left of all that ran of the
       * migration, begin with its first statement.
       */
      readonly as: "done" | "again" | "anew";
      readonly reason?: never;
    }
  | {
      /** For a whole migration, without running it. `applied`: the database has it. `pending`: it has not. */
      readonly as: "applied" | "pending";
      /** Why, for the events. */
      readonly reason: string;
    }
) & {
  /** Mark a data migration. Default: `false`. */
  readonly data?: boolean;
  /** The schema (PostgreSQL) or database (MySQL) of the history table. Default: the repo's. */
  readonly prefix?: string;
};

/** Which databases to remove, and how. */
export type DropOptions<RepoName extends string = string> = RepoOption<RepoName> & {
  /** Ends the connections of others first, where the database can. Default: `false`, which fails then. */
  readonly force?: boolean;
};
