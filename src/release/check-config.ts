/** The user's literal, checked, with its defaults filled in. */
import type { SchemaDefaults } from "../core/language/defaults.ts";
import { ReleaseError, refuse } from "../core/model/errors.ts";
import { type Kind, type Kinds, name, object } from "../core/model/kind.ts";
import { versionFromInput } from "../core/model/migration.ts";
import { invalid, wrongOptions } from "../core/model/wrong-options.ts";
import type { Rule } from "../core/safety/rules/rule.ts";
import {
  adapter,
  type Manifest,
  nestedOptions,
  type ReleaseConfig,
  type Repo,
  type RepoConfig,
  releaseOptions,
  repoOptions,
} from "./config.ts";
import { elsewhere, usual } from "./history-names.ts";

const carried: Kind = {
  words: "a map or a list of migrations",
  holds: (value) => typeof value === "object" && value !== null,
};

/** @throws {ReleaseError} `option_unknown`, `option_invalid`: all that is wrong, at once */
export function checkConfig(config: ReleaseConfig): readonly Repo[] {
  const wrong = wrongOptions(config, { of: "defineRelease", kinds: releaseOptions });
  refuse([...wrong, ...missingFrom(config)]);
  const entries = Object.entries(config.repos);
  refuse([
    ...entries.flatMap(([name, repo]) => wrongInRepo(name, repo)),
    ...wrongInManifest(config.manifest ?? {}, Object.keys(config.repos)),
  ]);
  const named = entries.flatMap(([, { historyTable }]) => historyTable ?? []);
  return entries.map(([name, repo]) => ({
    ...withDefaults(name, repo, config.rules ?? []),
    elsewhereTaken: named.includes(elsewhere),
  }));
}

function withDefaults(
  name: string,
  config: RepoConfig,
  ownRules: readonly Rule[],
): Omit<Repo, "elsewhereTaken"> {
  const { afterBegin, beforeCommit, prefix, primaryKey, foreignKey, timestamps, strings } = config;
  const defaults = Object.entries({ prefix, primaryKey, foreignKey, timestamps, strings }).filter(
    ([, value]) => value !== undefined,
  );
  return {
    name,
    adapter: config.adapter,
    migrations: config.migrations ?? `db/${name}/migrations`,
    modules: config.modules,
    placeholders: config.placeholders,
    layout: config.layout,
    dataMigrations: config.dataMigrations ?? `db/${name}/data_migrations`,
    dataMigrationsGiven: config.dataMigrations !== undefined,
    tenants: config.tenants,
    tenantMigrations: config.tenantMigrations ?? `db/${name}/tenant_migrations`,
    tenantDataMigrations: config.tenantDataMigrations ?? `db/${name}/tenant_data_migrations`,
    tenantDataMigrationsGiven: config.tenantDataMigrations !== undefined,
    historyTable: config.historyTable ?? usual,
    historyTableGiven: config.historyTable !== undefined,
    dataHistoryTable: config.dataHistoryTable ?? "data_migrations",
    strictVersionOrder: config.strictVersionOrder ?? false,
    otherHistories: config.otherHistories ?? "refuse",
    lock: config.lock ?? true,
    lockWaitMs: config.lockWaitMs ?? 300_000,
    fingerprint: config.fingerprint ?? "where it is quick",
    ignore: config.ignore ?? [],
    safe: config.safe ?? "refuse",
    startAfter: versionFromInput(config.startAfter),
    inUse: true,
    policy: config.policy ?? {},
    ownRules,
    defaults: Object.fromEntries(defaults) as SchemaDefaults,
    hooks: { afterBegin, beforeCommit },
    carried: {},
  };
}

const carriedOptions: Kinds = {
  migrations: carried,
  dataMigrations: carried,
  tenantMigrations: carried,
  tenantDataMigrations: carried,
};

/** A manifest that does not fit: made for another release, or before a repo got another name. */
export function wrongInManifest(
  manifest: Manifest,
  known: readonly string[],
): readonly ReleaseError[] {
  return Object.entries(manifest).flatMap(([repo, lanes]) => {
    if (!known.includes(repo)) return [new ReleaseError("repo_unknown", { repo, known })];
    const path = `manifest.${repo}.`;
    return wrongOptions(lanes, { of: `manifest of repo ${repo}`, kinds: carriedOptions, path });
  });
}

/** A release cannot do without these. */
function missingFrom(config: Partial<ReleaseConfig> | undefined): readonly ReleaseError[] {
  if (!object.holds(config)) return [];
  const { app, repos } = config as Partial<ReleaseConfig>;
  const isEmpty = repos === undefined || Object.keys(repos ?? [0]).length === 0;
  return [
    ...(app === undefined ? [invalid("app", app, name.words)] : []),
    ...(isEmpty ? [invalid("repos", repos, "at least one repo")] : []),
  ];
}

function wrongInRepo(repo: string, config: RepoConfig): readonly ReleaseError[] {
  const of = `repo ${repo}`;
  const path = `repos.${repo}.`;
  const wrong = wrongOptions(config, { of, kinds: repoOptions, path });
  if (!object.holds(config)) return wrong;
  const nested = Object.entries(nestedOptions).flatMap(([option, kinds]) => {
    const given = config[option as keyof RepoConfig];
    if (!object.holds(given)) return [];
    return wrongOptions(given, { of: `${option} of ${of}`, kinds, path: `${path}${option}.` });
  });
  const { historyTable = usual, dataHistoryTable = "data_migrations" } = config;
  const isSame = historyTable === dataHistoryTable;
  return [
    ...(config.adapter === undefined ? [invalid(`${path}adapter`, undefined, adapter.words)] : []),
    ...wrong,
    ...nested,
    ...(isSame
      ? [invalid(`${path}dataHistoryTable`, dataHistoryTable, "another table than historyTable")]
      : []),
  ];
}
