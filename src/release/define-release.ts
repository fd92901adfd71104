/** The composition root: one value that joins the user's repos with everything that can be done to them. */

import { refuse } from "../core/model/errors.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { TableSizes } from "../core/safety/rules/grade.ts";
import type { Listener } from "../rpc/listen.ts";
import type { Adoption } from "./adopt.ts";
import type { AdoptionBack } from "./adopt-back.ts";
import type { Backfills } from "./backfills.ts";
import { changedRepos, checkChanges, type ReleaseChanges } from "./changes.ts";
import { checkConfig } from "./check-config.ts";
import {
  checkBaseline,
  checkMark,
  checkMigrate,
  checkRepos,
  checkRollback,
  oneRepo,
} from "./check-options.ts";
import type { ReleaseConfig, Repo, RepoConfig } from "./config.ts";
import type { Counted } from "./count-as.ts";
import type { DumpOptions, SchemaDump } from "./dump-schema.ts";
import { type FolderReading, foldersOf } from "./folders.ts";
import type { RepoHistory } from "./history.ts";
import type { RepoInventory } from "./inventory.ts";
import { laneNamed } from "./lane.ts";
import type { SchemaLoaded, SchemaLoadOptions } from "./load-schema.ts";
import type { RepoOutcome } from "./migrate.ts";
import type {
  AdoptBackOptions,
  AdoptOptions,
  BaselineOptions,
  BootOptions,
  DropOptions,
  HistoryOptions,
  MarkOptions,
  MigrateDataOptions,
  MigrateOptions,
  ReadyOptions,
  RepoOption,
  RollbackOptions,
  RollbackTarget,
  StatusOptions,
  WaitOptions,
} from "./options.ts";
import type { RepoTables, TablesOptions } from "./own-tables.ts";
import type { RepoReadiness } from "./readiness.ts";
import type { ListenOptions, Release } from "./release.ts";
import { ReleaseContext } from "./release-context.ts";
import type { RepoPlan } from "./repo-plan.ts";
import type { Seeds } from "./seed.ts";
import { settleAll } from "./settle.ts";
import type { RepoStatus } from "./status.ts";
import type { StorageOutcome } from "./storage.ts";

/**
 * The entry point into the app for everything that a release does to its databases.
 * Opens nothing and reads no environment: that happens when a method is called.
 *
 * @throws {ReleaseError} `option_unknown`, `option_invalid`
 */
export function defineRelease<const Repos extends { readonly [repo: string]: RepoConfig }>(
  config: ReleaseConfig<Repos>,
): Release<keyof Repos & string> {
  return new DefinedRelease<keyof Repos & string>(config, checkConfig(config), {});
}

class DefinedRelease<RepoName extends string> implements Release<RepoName> {
  readonly app: string;
  readonly version: string | undefined;
  readonly #config: ReleaseConfig;
  readonly #at: ReleaseContext;
  readonly #changes: ReleaseChanges<RepoName>;

  constructor(config: ReleaseConfig, repos: readonly Repo[], changes: ReleaseChanges<RepoName>) {
    const { app, root } = config;
    const version = changes.version ?? config.version;
    this.app = app;
    this.version = version;
    this.#config = config;
    this.#changes = changes;
    const changed = changedRepos(repos, changes, config.manifest);
    const listeners = [config.onEvent ?? []].flat();
    this.#at = new ReleaseContext({ app, version, repos: changed, root, listeners }, changes);
  }

  repos(): readonly RepoName[] {
    return this.#at.repos.map((repo) => repo.name as RepoName);
  }

  async migrate(options: MigrateOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    return this.#at.run(checkMigrate(this.#at.repos, options, "migrate"), "schema");
  }

  async migrateData(options: MigrateDataOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    return this.#at.run(checkMigrate(this.#at.repos, options, "migrateData"), "data");
  }

  get backfills(): Backfills {
    return this.#at.backfills;
  }

  async rollback(
    repo: RepoName,
    version: VersionInput | RollbackTarget,
    options: RollbackOptions = {},
  ): Promise<RepoOutcome> {
    const request = checkRollback(this.#at.repos, { repo, target: version }, options);
    return this.#at.rollback(request, options);
  }

  createTenant = (repo: RepoName, tenant: string) => this.#at.createTenant(repo, tenant);
  dropTenant = (repo: RepoName, tenant: string) => this.#at.dropTenant(repo, tenant);

  async migrationStatus(options: StatusOptions<RepoName> = {}): Promise<readonly RepoStatus[]> {
    const repos = checkRepos(this.#at.repos, options, "migrationStatus");
    const { readStatuses, statusText } = await import("./status.ts");
    const world = this.#at.world();
    return this.#at.onOwnHistory(this.#at.runWorld({}, world), async (runWorld) => {
      const { results, errors } = await readStatuses(repos, options, runWorld);
      if (errors.length > 0) (await import("./elsewhere.ts")).refuseElsewhere(errors, repos);
      world.write(await statusText(results, options));
      refuse(errors);
      return results;
    });
  }

  async plan(
    options: MigrateOptions<RepoName> & { readonly data?: boolean } = {},
  ): Promise<readonly RepoPlan[]> {
    return this.#at.plan(checkMigrate(this.#at.repos, options, "plan"), laneNamed(options));
  }

  async planRollback(
    repo: RepoName,
    target: VersionInput | RollbackTarget,
    options: RollbackOptions = {},
  ): Promise<RepoPlan> {
    const request = checkRollback(this.#at.repos, { repo, target }, options);
    const [planned] = await this.#at.plan(request, laneNamed(options));
    return planned ?? { repo, direction: "down", steps: [], warnings: [] };
  }

  async verify(options: Parameters<Release<RepoName>["verify"]>[0] = {}) {
    return this.#at.verify(options, laneNamed(options));
  }

  verifySchema(options: Parameters<Release<RepoName>["verifySchema"]>[0] = {}) {
    return this.#at.verifySchema(options);
  }

  async history(options: HistoryOptions<RepoName> = {}): Promise<readonly RepoHistory[]> {
    const repos = checkRepos(this.#at.repos, options, "history");
    const { readRepoHistory } = await import("./history.ts");
    const world = this.#at.runWorld();
    return settleAll(repos, (repo) => readRepoHistory(repo, options, world));
  }

  async mark(repo: RepoName, version: VersionInput, options: MarkOptions): Promise<void> {
    const request = checkMark(this.#at.repos, { repo, version }, options);
    const { countAs } = await import("./count-as.ts");
    const { mark } = await import("./mark.ts");
    await this.#at.onOwnHistory(this.#at.runWorld(), async (world) => {
      if ("reason" in request) await countAs(request, world);
      else await mark(request, world);
    });
  }

  async baseline(repo: RepoName, options: BaselineOptions): Promise<Counted> {
    const request = checkBaseline(this.#at.repos, repo, options);
    const { countAs } = await import("./count-as.ts");
    return this.#at.onOwnHistory(this.#at.runWorld(), (world) => countAs(request, world));
  }

  async adopt(repo: RepoName, options: AdoptOptions = {}): Promise<Adoption> {
    const { adoptFrom } = await import("./at-sources.ts");
    return adoptFrom(this.#at, repo, options);
  }

  async adoptBack(repo: RepoName, options: AdoptBackOptions = {}): Promise<AdoptionBack> {
    const { adoptBackTo } = await import("./at-sources.ts");
    return adoptBackTo(this.#at, repo, options);
  }

  async assertMigrated(options: ReadyOptions<RepoName> = {}): Promise<void> {
    const repos = checkRepos(this.#at.repos, options, "assertMigrated");
    const { assertMigrated } = await import("./readiness.ts");
    const world = this.#at.waitWorld();
    await this.#at.whereHistoryIs(options, world, () => assertMigrated(repos, options, world));
  }

  async tableSizes(repo: RepoName, tables: readonly string[]): Promise<TableSizes> {
    const { tableSizesOf } = await import("./at-sources.ts");
    return tableSizesOf(this.#at, repo, tables);
  }

  async facts(options: Parameters<Release<RepoName>["facts"]>[0] = {}) {
    const repos = checkRepos(this.#at.repos, options, "facts");
    const { readFacts } = await import("./production-facts.ts");
    return this.#at.onOwnHistory(this.#at.runWorld(), (world) => readFacts(repos, options, world));
  }

  doctor(options: Parameters<Release<RepoName>["doctor"]>[0] = {}) {
    return this.#at.doctor(options);
  }

  async tables(options: TablesOptions<RepoName> = {}): Promise<readonly RepoTables[]> {
    const repos = checkRepos(this.#at.repos, options, "tables");
    const { tablesOf } = await import("./own-tables.ts");
    return repos.map((repo) => tablesOf(repo, options));
  }

  async readiness(options: ReadyOptions<RepoName> = {}): Promise<readonly RepoReadiness[]> {
    const repos = checkRepos(this.#at.repos, options, "readiness");
    const { readReadiness } = await import("./readiness.ts");
    const world = this.#at.waitWorld();
    return this.#at.whereHistoryIs(options, world, () => readReadiness(repos, options, world));
  }

  async wait(options: WaitOptions<RepoName> = {}): Promise<readonly RepoReadiness[]> {
    const repos = checkRepos(this.#at.repos, options, "wait");
    const { wait } = await import("./wait.ts");
    const world = this.#at.waitWorld();
    return this.#at.whereHistoryIs(options, world, () => wait(repos, options, world));
  }

  async migrateOnBoot(options: BootOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    checkRepos(this.#at.repos, options, "migrateOnBoot");
    const { skip = false, ...rest } = options;
    return skip ? [] : this.migrate({ all: true, ...rest } as MigrateOptions<RepoName>);
  }

  async createStorage(options: RepoOption<RepoName> = {}): Promise<readonly StorageOutcome[]> {
    const { createStorage } = await import("./storage.ts");
    return createStorage(this.#at.repos, options);
  }

  async dropStorage(options: DropOptions<RepoName> = {}): Promise<readonly StorageOutcome[]> {
    const { dropStorage } = await import("./storage.ts");
    return dropStorage(this.#at.repos, options);
  }

  async inventory(): Promise<readonly RepoInventory[]> {
    const { takeInventory } = await import("./inventory.ts");
    return takeInventory(this.#at.repos, this.#at.runWorld().root);
  }

  async listen({ scope = {}, path }: ListenOptions = {}): Promise<Listener> {
    const { listenFor } = await import("./listen-for.ts");
    return listenFor(this.app, {
      path,
      scope: (changes) => ({ ...scope, Release: this.using(changes) }),
    });
  }

  async seed(repo: RepoName, seeds: Seeds): Promise<void> {
    const [chosen] = checkRepos(this.#at.repos, { repo }, "seed");
    if (chosen === undefined) return;
    const { runSeeds } = await import("./seed.ts");
    await runSeeds(chosen, seeds, this.#at.runWorld());
  }

  async dump(options: RepoOption<RepoName> & DumpOptions = {}): Promise<readonly SchemaDump[]> {
    const { dumpRepos } = await import("./at-sources.ts");
    return dumpRepos(this.#at, options);
  }

  async load(repo: RepoName, sql: string, options: SchemaLoadOptions = {}): Promise<SchemaLoaded> {
    const { loadInto } = await import("./at-sources.ts");
    return loadInto(this.#at, { repo, sql }, options);
  }

  address(repo: RepoName): string {
    const [chosen] = checkRepos(this.#at.repos, { repo }, "address");
    return chosen?.adapter.describe() ?? "";
  }

  adapter = (repo: RepoName) => oneRepo(this.#at.repos, repo, "adapter").adapter;

  folders(repo: RepoName, options: Parameters<Release["folders"]>[1] = {}): readonly string[] {
    const [chosen] = checkRepos(this.#at.repos, { repo }, "folders");
    if (chosen === undefined) return [];
    const lane = options.tenants ? (options.data ? "tenant data" : "tenants") : laneNamed(options);
    return foldersOf(chosen, lane, this.#config.root ?? this.#changes.root ?? "");
  }

  reading(repo: RepoName): FolderReading {
    const [chosen] = checkRepos(this.#at.repos, { repo }, "reading");
    return { layout: chosen?.layout, modules: chosen?.modules };
  }

  using(changes: ReleaseChanges<RepoName>): Release<RepoName> {
    const given = checkChanges(changes, this.#at.repos);
    const adapters = { ...this.#changes.adapters, ...given.adapters } as NonNullable<
      typeof given.adapters
    >;
    const changed = { ...this.#changes, ...given, adapters };
    return new DefinedRelease<RepoName>(this.#config, this.#at.repos, changed);
  }
}
