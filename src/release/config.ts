/** The options of a release, as the user writes them, and the kind of value that each takes. */
import type { Adapter } from "../adapters/adapter.ts";
import type { SchemaDefaults } from "../core/language/defaults.ts";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import { aFunction, flag, type Kind, type KindsOf, name, object } from "../core/model/kind.ts";
import { type LockPolicySettings, lockPolicyKinds } from "../core/model/lock-policy.ts";
import { type Version, type VersionInput, versionFromInput } from "../core/model/migration.ts";
import { anything, milliseconds } from "../core/model/wrong-options.ts";
import type { Hooks } from "../core/plan/record.ts";
import type { Rule } from "../core/safety/rules/rule.ts";
import type { Placeholders } from "../core/sql/placeholders.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";
import type { LaterMap } from "../engine/discovery/later-map.ts";
import type { migrationMap } from "../engine/discovery/map.ts";
import type { ReadySource } from "../engine/discovery/ready-source.ts";
import type { OnEvent } from "../engine/told-event.ts";
import type { TenantsOption } from "../fleet/tenants-option.ts";
import { tenantsKind } from "./tenants/tenant-options.ts";

/** Folders, relative to the root; or migrations: a list, or a map from `20210718153339_name` to a module or SQL. */
export type MigrationsOption = string | readonly string[] | MigrationMap;
export type MigrationMap = Parameters<typeof migrationMap>[0] | LaterMap | ReadySource;

/**
 * The migrations of each repo, carried by the program itself: `slipway gen manifest` writes it. Slipway reads it
 * instead of the folders, so that a bundle needs none.
 */
export type Manifest = {
  readonly [repo: string]: {
    readonly migrations?: MigrationMap;
    readonly dataMigrations?: MigrationMap;
    readonly tenantMigrations?: MigrationMap;
    readonly tenantDataMigrations?: MigrationMap;
  };
};

/** The ways to treat an operation that is not safe beside a running application. */
export type SafeMode = "refuse" | "warn" | "off" | "auto";

/** One database of a release, and its migrations. */
export type RepoConfig = SchemaDefaults &
  Hooks & {
    /** The database: `postgres({ url })`, `pglite({ dataDir })`, `sqlite({ path })`. */
    readonly adapter: Adapter;
    /** Default: `db/<repo>/migrations`. */
    readonly migrations?: MigrationsOption;
    /**
     * Whose modules they are: `knexMigrations()` of `slipway/compat/knex`, and its like. SQL, and what
     * `defineMigration` made, stay Slipway's. Default: all are.
     */
    readonly modules?: ForeignModules;
    /**
     * The values of `${name}` in SQL files, as Flyway has it: `{ schema: "shop" }`. Slipway refuses a missing one by
     * its name. A built release carries the values from its build. Default: Slipway replaces nothing.
     */
    readonly placeholders?: { readonly [name: string]: string };
    /**
     * How the names in its folder are read: `"drizzle"`, `"flyway"`, `"graphile-migrate"`, `"db-migrate"`,
     * `"down-folders"`, `"release-folders"`; `"plain"`, by versions alone; `"by-name"`, each SQL file in the order of
     * the names; `"liquibase"`, so too, each cut into its change sets. Default: as they look.
     */
    readonly layout?: LayoutName;
    /** Default: `db/<repo>/data_migrations`. */
    readonly dataMigrations?: MigrationsOption;
    /**
     * That the repo is many: `{ schemas: async (db) => […] }`, or a list of names. Each tenant has a schema of its
     * name, in which the migrations of tenants run. Default: it is one.
     */
    readonly tenants?: TenantsOption;
    /** The migrations of each tenant. Default: `db/<repo>/tenant_migrations`. */
    readonly tenantMigrations?: MigrationsOption;
    /** The data migrations of each tenant. Default: `db/<repo>/tenant_data_migrations`. */
    readonly tenantDataMigrations?: MigrationsOption;
    /** The table of applied migrations. Default: `schema_migrations`. */
    readonly historyTable?: string;
    /** The table of applied data migrations. Default: `data_migrations`. */
    readonly dataHistoryTable?: string;
    /** Refuse a pending migration that is older than an applied one. Default: `false`, which warns. */
    readonly strictVersionOrder?: boolean;
    /**
     * The meaning of another tool's filled history while ours is empty. Default: `refuse`, because migrations that ran
     * would run again. `ignore`: it is another app's.
     */
    readonly otherHistories?: "refuse" | "ignore";
    /** Whether a lock keeps two migrators apart. Default: `true`. Without it nothing else does. */
    readonly lock?: boolean;
    /** How long to wait for the lock, in milliseconds. Default: 300000, five minutes. */
    readonly lockWaitMs?: number;
    /**
     * Whether each run keeps the schema that it leaves, so that `verify --schema` can find changes
     * by hand. Default: it does up to 2,000 tables, on MySQL 200 objects; `true` does whatever the
     * size, which takes seconds there. It costs six round trips of a run that does something, and
     * nothing of any other.
     */
    readonly fingerprint?: boolean;
    /**
     * Objects that `verify --schema` and `gen migration --diff` leave alone, with all that belongs to them:
     * `public.audit_*`, `schema reporting`, `trigger * on public.posts`; `*` is any text. Default: none.
     */
    readonly ignore?: readonly string[];
    /** `auto`: Slipway replaces an operation that would stop others by its safe form, and the log says so. */
    readonly safe?: SafeMode;
    /** Safety rules leave this migration and those before it alone: history is as it is. Default: they judge all. */
    readonly startAfter?: VersionInput;
    /** How long a migration may stand in the way of others, and what happens when others stand in its way. */
    readonly policy?: LockPolicySettings;
  };

/** The argument of `defineRelease`. */
export type ReleaseConfig<
  Repos extends { readonly [repo: string]: RepoConfig } = { readonly [repo: string]: RepoConfig },
> = {
  /** The name of the app, for its connections and for the built release. */
  readonly app: string;
  /** The app's version, kept in the history. Default: none. */
  readonly version?: string;
  /** The folder that holds the migration folders. Default: the working folder; the command line: the project's. */
  readonly root?: string;
  /** The databases, in the order in which they are migrated. */
  readonly repos: Repos;
  /** The migrations themselves, for programs that are bundled. Default: the folders are read. */
  readonly manifest?: Manifest;
  /**
   * Hears what runs do: `webhook()` and `slack()` of `slipway/notify`, or a function. It can neither break a run nor
   * hold it for more than five seconds. Default: nobody.
   */
  readonly onEvent?: OnEvent | readonly OnEvent[];
  /** Your own safety rules, made with `defineRule`: `check`, `migrate` and the build run them too. Default: none. */
  readonly rules?: readonly Rule[];
};

/** A repo with its defaults filled in. */
export type Repo = {
  readonly name: string;
  readonly adapter: Adapter;
  readonly migrations: MigrationsOption;
  readonly modules: ForeignModules | undefined;
  readonly placeholders: Placeholders | undefined;
  readonly layout: LayoutName | undefined;
  readonly dataMigrations: MigrationsOption;
  /** Whether the user named the data folder, so that its absence is an error. */
  readonly dataMigrationsGiven: boolean;
  /** Default: the repo is one. */
  readonly tenants: TenantsOption | undefined;
  readonly tenantMigrations: MigrationsOption;
  readonly tenantDataMigrations: MigrationsOption;
  /** Whether the user named that folder, so that its absence is an error. */
  readonly tenantDataMigrationsGiven: boolean;
  readonly historyTable: string;
  /** Whether the user chose the name, so that Slipway takes no other when the table is another tool's. */
  readonly historyTableGiven: boolean;
  /** Whether another repo of the release uses the name that Slipway would then take. */
  readonly elsewhereTaken: boolean;
  readonly dataHistoryTable: string;
  readonly strictVersionOrder: boolean;
  readonly otherHistories: "refuse" | "ignore";
  readonly lock: boolean;
  readonly lockWaitMs: number;
  readonly fingerprint: boolean | "where it is quick";
  readonly ignore: readonly string[];
  readonly safe: SafeMode;
  readonly startAfter: Version | undefined;
  /** Whether an application uses it, so that Slipway refuses unsafe operations. */
  readonly inUse: boolean;
  readonly policy: LockPolicySettings;
  /** The release's own safety rules. */
  readonly ownRules: readonly Rule[];
  readonly defaults: SchemaDefaults;
  readonly hooks: Hooks;
  /** Migrations that Slipway reads instead of folders. */
  readonly carried: Manifest[string];
};

/** An adapter: what can be opened. */
export const adapter: Kind = {
  words: "an adapter, such as postgres({ url })",
  holds: (value) => typeof (value as Adapter | null)?.open === "function",
};

const migrations: Kind = {
  words: "a folder, a list of folders or a map of migrations",
  holds: (value) => (typeof value === "object" ? value !== null : name.holds(value)),
};

const safeModes: readonly SafeMode[] = ["refuse", "warn", "off", "auto"];
const safeMode: Kind = {
  words: "refuse, warn, off or auto",
  holds: (value) => safeModes.includes(value as SafeMode),
};

/** The kind of each option of a release. */
export const releaseOptions = {
  app: name,
  version: name,
  root: name,
  repos: object,
  manifest: object,
  onEvent: {
    words: "a function, such as webhook({ url }), or a list of them",
    holds: (value) => [value].flat().every((one) => typeof one === "function"),
  },
  rules: {
    words: "a list of rules made with defineRule",
    holds: (value) =>
      Array.isArray(value) && value.every((rule) => typeof rule?.judge === "function"),
  },
} as const satisfies KindsOf<ReleaseConfig>;

/** As the reader of folders has them, which a built release does not contain. */
const layouts: readonly LayoutName[] = [
  "db-migrate",
  "down-folders",
  "graphile-migrate",
  "drizzle",
  "release-folders",
  "flyway",
  "plain",
  "by-name",
  "liquibase",
];

/** The kind of each option of a repo. */
export const repoOptions = {
  adapter,
  migrations,
  modules: {
    words: "what slipway/compat gives, such as knexMigrations()",
    holds: (value) => typeof (value as ForeignModules | null)?.definition === "function",
  },
  placeholders: {
    words: 'names with text, such as { schema: "shop" }',
    holds: (value) =>
      object.holds(value) && Object.values(value as object).every((one) => typeof one === "string"),
  },
  layout: {
    words: `one of ${layouts.join(", ")}`,
    holds: (value) => layouts.includes(value as LayoutName),
  },
  dataMigrations: migrations,
  tenants: tenantsKind,
  tenantMigrations: migrations,
  tenantDataMigrations: migrations,
  historyTable: name,
  dataHistoryTable: name,
  strictVersionOrder: flag,
  otherHistories: {
    words: "refuse or ignore",
    holds: (value) => value === "refuse" || value === "ignore",
  },
  lock: flag,
  lockWaitMs: milliseconds,
  fingerprint: flag,
  ignore: {
    words: 'a list of names, such as ["public.audit_*"]',
    holds: (value) => Array.isArray(value) && value.every((one) => name.holds(one)),
  },
  safe: safeMode,
  startAfter: {
    words: "a version such as 20210718153339",
    holds: (value) => versionFromInput(value) !== undefined,
  },
  policy: object,
  prefix: name,
  primaryKey: object,
  foreignKey: object,
  timestamps: object,
  strings: object,
  afterBegin: aFunction,
  beforeCommit: aFunction,
} as const satisfies KindsOf<RepoConfig>;

/** The options of a repo that are objects with options. */
export const nestedOptions = {
  policy: lockPolicyKinds,
  primaryKey: {
    name,
    type: name,
    default: anything,
    startValue: anything,
    increment: anything,
  },
  foreignKey: { column: name, type: name, prefix: name },
  timestamps: {
    insertedAt: anything,
    updatedAt: anything,
    type: name,
    null: flag,
    default: anything,
  },
  strings: { type: name },
} as const satisfies NestedKinds;

/** Each option of a repo that is an object has a table of its options. */
type NestedKinds = {
  readonly [Option in "policy" | "primaryKey" | "foreignKey" | "timestamps" | "strings"]: KindsOf<
    NonNullable<RepoConfig[Option]>
  >;
};
