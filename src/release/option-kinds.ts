/** The kinds of the options that the methods of a release take. */
import { count, flag, type Kind, type KindsOf, name, object } from "../core/model/kind.ts";
import { anything, folders, milliseconds } from "../core/model/wrong-options.ts";
import type { DumpOptions } from "./dump-schema.ts";
import type { SchemaLoadOptions } from "./load-schema.ts";
import type {
  BackfillOptions,
  BootOptions,
  DoctorOptions,
  DropOptions,
  FactsOptions,
  HistoryOptions,
  MigrateOptions,
  ReadyOptions,
  RepoOption,
  RunOptions,
  StatusOptions,
  TargetOptions,
  VerifyOptions,
  VerifySchemaOptions,
  WaitOptions,
} from "./options.ts";
import type { TablesOptions } from "./own-tables.ts";
import { tenantsOption } from "./tenants/tenant-options.ts";

// Other code checks targets and repos, and throws its own errors.
export const targetOptions = {
  all: anything,
  step: anything,
  to: anything,
  toExclusive: anything,
} as const satisfies KindsOf<TargetOptions>;
export const repoOption = { repo: anything } as const satisfies KindsOf<RepoOption<string>>;
export const runOptions = {
  log: flag,
  logMigrationsSql: flag,
  logMigratorSql: flag,
  prefix: name,
  strictVersionOrder: flag,
  strict: flag,
  lock: flag,
  lockWaitMs: milliseconds,
  policy: object,
  migrationsPath: folders,
  allowEdited: flag,
  fromFiles: flag,
} as const satisfies KindsOf<RunOptions>;
const phase: Kind = {
  words: "before or after",
  holds: (value) => value === "before" || value === "after",
};

/** Only some of the methods that go forward take these. */
export const moreOptions = {
  migrateData: { forMs: milliseconds, acceptChanged: flag, tenants: tenantsOption },
  migrate: { phase, tenants: tenantsOption },
  plan: { phase, tenants: tenantsOption, data: flag },
} as const satisfies {
  readonly migrateData: KindsOf<BackfillOptions & Pick<MigrateOptions, "tenants">>;
  readonly migrate: KindsOf<Pick<MigrateOptions, "phase" | "tenants">>;
  readonly plan: KindsOf<Pick<MigrateOptions, "phase" | "tenants"> & { readonly data?: boolean }>;
};

const ready = { ...repoOption, prefix: name, allowNewer: flag, tenants: flag } as const;
/** The options of the methods that choose repos and no target. */
export const optionsOf = {
  migrationStatus: {
    ...repoOption,
    data: flag,
    plain: flag,
    long: flag,
    tenants: flag,
    behind: flag,
    prefix: name,
    migrationsPath: folders,
  },
  assertMigrated: ready,
  readiness: ready,
  wait: { ...ready, timeoutMs: milliseconds },
  migrateOnBoot: { ...repoOption, ...runOptions, phase, skip: flag },
  tables: { ...repoOption, prefix: name, migrator: name, app: name, reader: name },
  verify: { ...repoOption, data: flag, prefix: name, migrationsPath: folders },
  verifySchema: { ...repoOption, prefix: name, accept: flag, against: object },
  history: { ...repoOption, tenant: name, limit: count, prefix: name },
  facts: { ...repoOption, prefix: name },
  doctor: { ...repoOption, prefix: name },
  createStorage: repoOption,
  dropStorage: { ...repoOption, force: flag },
  folders: repoOption,
  tableSizes: repoOption,
  seed: repoOption,
  dump: { ...repoOption, rights: flag },
  load: { ...repoOption, skipIfLoaded: flag, path: name },
  address: repoOption,
  reading: repoOption,
} as const satisfies {
  readonly migrationStatus: KindsOf<StatusOptions>;
  readonly assertMigrated: KindsOf<ReadyOptions>;
  readonly readiness: KindsOf<ReadyOptions>;
  readonly wait: KindsOf<WaitOptions>;
  readonly migrateOnBoot: KindsOf<BootOptions>;
  readonly tables: KindsOf<TablesOptions>;
  readonly verify: KindsOf<VerifyOptions>;
  readonly verifySchema: KindsOf<VerifySchemaOptions>;
  readonly history: KindsOf<HistoryOptions>;
  readonly facts: KindsOf<FactsOptions>;
  readonly doctor: KindsOf<DoctorOptions>;
  readonly createStorage: KindsOf<RepoOption<string>>;
  readonly dropStorage: KindsOf<DropOptions>;
  readonly folders: KindsOf<RepoOption<string>>;
  readonly tableSizes: KindsOf<RepoOption<string>>;
  readonly seed: KindsOf<RepoOption<string>>;
  readonly dump: KindsOf<RepoOption<string> & DumpOptions>;
  readonly load: KindsOf<RepoOption<string> & SchemaLoadOptions>;
  readonly address: KindsOf<RepoOption<string>>;
  readonly reading: KindsOf<RepoOption<string>>;
};
