/** The composition root: one value that joins the user's repos with everything that can be done to them. */
import type { Adapter } from "../adapters/adapter.ts";
import { refuse } from "../core/model/errors.ts";
import type { VersionInput } from "../core/model/migration.ts";
import type { ProductionFacts } from "../core/model/production-facts.ts";
import type { TableSizes } from "../core/safety/rules/grade.ts";
import { terminal } from "../reporters/terminal.ts";
import type { Listener } from "../rpc/listen.ts";
import type { Adoption } from "./adopt.ts";
import type { AdoptionBack } from "./adopt-back.ts";
import type { Backfills } from "./backfills.ts";
import { backfillsOf } from "./backfills-of.ts";
import { checkChanges, type ReleaseChanges } from "./changes.ts";
import {
  checkBaseline,
  checkMark,
  checkMigrate,
  checkRepos,
  checkRollback,
  versionOption,
} from "./check-options.ts";
import { checkConfig, type ReleaseConfig, type Repo, type RepoConfig } from "./config.ts";
import type { Counted } from "./count-as.ts";
import type { SchemaDump } from "./dump-schema.ts";
import { foldersOf } from "./folders.ts";
import type { RepoHistory } from "./history.ts";
import type { RepoInventory } from "./inventory.ts";
import type { LaneName } from "./lane.ts";
import type { SchemaLoaded, SchemaLoadOptions } from "./load-schema.ts";
import type { RepoOutcome } from "./migrate.ts";
import { openSession } from "./open.ts";
import type {
  AdoptBackOptions,
  AdoptOptions,
  BaselineOptions,
  BootOptions,
  DropOptions,
  FactsOptions,
  HistoryOptions,
  LogOptions,
  MarkOptions,
  MigrateDataOptions,
  MigrateOptions,
  ReadyOptions,
  RepoOption,
  RollbackOptions,
  RollbackTarget,
  StatusOptions,
  VerifyOptions,
  WaitOptions,
} from "./options.ts";
import type { RepoTables, TablesOptions } from "./own-tables.ts";
import type { RepoReadiness } from "./readiness.ts";
import type { ListenOptions, Release, RepoPlan } from "./release.ts";
import type { MigrateRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import { runWorldOf } from "./run-world-of.ts";
import type { Seeds } from "./seed.ts";
import { settleAll } from "./settle.ts";
import type { RepoStatus } from "./status.ts";
import type { StorageOutcome } from "./storage.ts";
import type { Verification } from "./verify.ts";
import type { WaitWorld } from "./wait.ts";
import { processWorld, type World } from "./world.ts";

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
  readonly #repos: readonly Repo[];
  readonly #changes: ReleaseChanges<RepoName>;

  constructor(config: ReleaseConfig, repos: readonly Repo[], changes: ReleaseChanges<RepoName>) {
    this.app = config.app;
    this.version = changes.version ?? config.version;
    this.#config = config;
    this.#changes = changes;
    const adapters: { readonly [name: string]: Adapter | undefined } = changes.adapters ?? {};
    const manifest = changes.manifest ?? config.manifest ?? {};
    this.#repos = repos.map((repo) => ({
      ...repo,
      adapter: adapters[repo.name] ?? repo.adapter,
      carried: manifest[repo.name] ?? {},
      inUse: changes.inUse ?? repo.inUse,
    }));
  }

  repos(): readonly RepoName[] {
    return this.#repos.map((repo) => repo.name as RepoName);
  }

  async migrate(options: MigrateOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    return this.#run(checkMigrate(this.#repos, options, "migrate"), "schema");
  }

  async migrateData(options: MigrateDataOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    return this.#run(checkMigrate(this.#repos, options, "migrateData"), "data");
  }

  get backfills(): Backfills {
    return backfillsOf({
      repos: this.#repos,
      version: (input) => versionOption("version", input),
      world: (options) => this.#runWorld(options, this.#world()),
    });
  }

  async rollback(
    repo: RepoName,
    version: VersionInput | RollbackTarget,
    options: RollbackOptions = {},
  ): Promise<RepoOutcome> {
    const request = checkRollback(this.#repos, { repo, target: version }, options);
    const [outcome] = await this.#run(request, laneNamed(options));
    return outcome ?? { repo, direction: "down", migrations: [] };
  }

  async migrationStatus(options: StatusOptions<RepoName> = {}): Promise<readonly RepoStatus[]> {
    const repos = checkRepos(this.#repos, options, "migrationStatus");
    const { readStatuses, statusText } = await import("./status.ts");
    const world = this.#world();
    return this.#onOwnHistory(this.#runWorld({}, world), async (runWorld) => {
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
    return this.#plan(checkMigrate(this.#repos, options, "plan"), laneNamed(options));
  }

  async planRollback(
    repo: RepoName,
    target: VersionInput | RollbackTarget,
    options: RollbackOptions = {},
  ): Promise<RepoPlan> {
    const request = checkRollback(this.#repos, { repo, target }, options);
    const [planned] = await this.#plan(request, laneNamed(options));
    return planned ?? { repo, direction: "down", steps: [], warnings: [] };
  }

  async verify(options: VerifyOptions<RepoName> = {}): Promise<readonly Verification[]> {
    const repos = checkRepos(this.#repos, options, "verify");
    const request = { lane: laneNamed(options), options };
    const { verifyRepo } = await import("./verify.ts");
    return this.#onOwnHistory(this.#runWorld({}, this.#world()), (world) =>
      settleAll(repos, (repo) => verifyRepo(repo, request, world)),
    );
  }

  async history(options: HistoryOptions<RepoName> = {}): Promise<readonly RepoHistory[]> {
    const repos = checkRepos(this.#repos, options, "history");
    const { readRepoHistory } = await import("./history.ts");
    const world = this.#runWorld({}, this.#world());
    return settleAll(repos, (repo) => readRepoHistory(repo, options, world));
  }

  async mark(repo: RepoName, version: VersionInput, options: MarkOptions): Promise<void> {
    const request = checkMark(this.#repos, { repo, version }, options);
    const { countAs } = await import("./count-as.ts");
    const { mark } = await import("./mark.ts");
    await this.#onOwnHistory(this.#runWorld({}, this.#world()), async (world) => {
      if ("reason" in request) await countAs(request, world);
      else await mark(request, world);
    });
  }

  async baseline(repo: RepoName, options: BaselineOptions): Promise<Counted> {
    const request = checkBaseline(this.#repos, repo, options);
    const { countAs } = await import("./count-as.ts");
    return this.#onOwnHistory(this.#runWorld({}, this.#world()), (world) =>
      countAs(request, world),
    );
  }

  async adopt(repo: RepoName, options: AdoptOptions = {}): Promise<Adoption> {
    const { checkAdopt } = await import("./check-adopt.ts");
    const { adopt } = await import("./adopt.ts");
    const request = checkAdopt(this.#repos, repo, options);
    return this.#onOwnHistory(this.#runWorld({}, this.#world()), (world) => adopt(request, world));
  }

  async adoptBack(repo: RepoName, options: AdoptBackOptions = {}): Promise<AdoptionBack> {
    const { checkAdoptBack } = await import("./check-adopt.ts");
    const { adoptBack } = await import("./adopt-back.ts");
    const request = checkAdoptBack(this.#repos, repo, options);
    return this.#onOwnHistory(this.#runWorld({}, this.#world()), (world) =>
      adoptBack(request, world),
    );
  }

  async assertMigrated(options: ReadyOptions<RepoName> = {}): Promise<void> {
    const repos = checkRepos(this.#repos, options, "assertMigrated");
    const { assertMigrated } = await import("./readiness.ts");
    const world = this.#waitWorld();
    await this.#whereHistoryIs(options, world, () => assertMigrated(repos, options, world));
  }

  async tableSizes(repo: RepoName, tables: readonly string[]): Promise<TableSizes> {
    const [chosen] = checkRepos(this.#repos, { repo }, "tableSizes");
    if (chosen === undefined) return new Map();
    const session = await openSession(chosen, {
      role: "work",
      reads: "quietly",
      ...this.#runWorld({}, this.#world()),
    });
    try {
      const { readTableSizes } = await import("./table-sizes.ts");
      return await readTableSizes(session, tables);
    } finally {
      await session.close();
    }
  }

  async facts(options: FactsOptions<RepoName> = {}): Promise<ProductionFacts> {
    const repos = checkRepos(this.#repos, options, "facts");
    const { readRepoFacts } = await import("./production-facts.ts");
    const world = this.#world();
    const found = await this.#onOwnHistory(this.#runWorld({}, world), (runWorld) =>
      settleAll(repos, async (repo) => {
        const facts = await readRepoFacts(repo, options, runWorld);
        return [repo.name, facts] as const;
      }),
    );
    const takenAt = new Date().toISOString();
    return { slipwayFacts: 1, app: this.app, takenAt, repos: Object.fromEntries(found) };
  }

  async tables(options: TablesOptions<RepoName> = {}): Promise<readonly RepoTables[]> {
    const repos = checkRepos(this.#repos, options, "tables");
    const { tablesOf } = await import("./own-tables.ts");
    return repos.map((repo) => tablesOf(repo, options));
  }

  async readiness(options: ReadyOptions<RepoName> = {}): Promise<readonly RepoReadiness[]> {
    const repos = checkRepos(this.#repos, options, "readiness");
    const { readReadiness } = await import("./readiness.ts");
    const world = this.#waitWorld();
    return this.#whereHistoryIs(options, world, () => readReadiness(repos, options, world));
  }

  async wait(options: WaitOptions<RepoName> = {}): Promise<readonly RepoReadiness[]> {
    const repos = checkRepos(this.#repos, options, "wait");
    const { wait } = await import("./wait.ts");
    const world = this.#waitWorld();
    return this.#whereHistoryIs(options, world, () => wait(repos, options, world));
  }

  async migrateOnBoot(options: BootOptions<RepoName> = {}): Promise<readonly RepoOutcome[]> {
    checkRepos(this.#repos, options, "migrateOnBoot");
    const { skip = false, ...rest } = options;
    return skip ? [] : this.migrate({ all: true, ...rest } as MigrateOptions<RepoName>);
  }

  async createStorage(options: RepoOption<RepoName> = {}): Promise<readonly StorageOutcome[]> {
    const { createStorage } = await import("./storage.ts");
    return createStorage(this.#repos, options);
  }

  async dropStorage(options: DropOptions<RepoName> = {}): Promise<readonly StorageOutcome[]> {
    const { dropStorage } = await import("./storage.ts");
    return dropStorage(this.#repos, options);
  }

  async inventory(): Promise<readonly RepoInventory[]> {
    const { takeInventory } = await import("./inventory.ts");
    return takeInventory(this.#repos, this.#runWorld({}, this.#world()).root);
  }

  async listen({ scope = {}, path }: ListenOptions = {}): Promise<Listener> {
    const { listen } = await import("../rpc/listen.ts");
    const { socketPath } = await import("../rpc/run-folder.ts");
    return listen({
      path: path ?? socketPath(this.app),
      scope: ({ stdout, stderr, gone }) => {
        const emit = terminal({ write: stderr, styled: false });
        return { ...scope, Release: this.using({ write: stdout, emit, signal: gone }) };
      },
    });
  }

  async seed(repo: RepoName, seeds: Seeds): Promise<void> {
    const [chosen] = checkRepos(this.#repos, { repo }, "seed");
    if (chosen === undefined) return;
    const { runSeeds } = await import("./seed.ts");
    await runSeeds(chosen, seeds, this.#runWorld({}, this.#world()));
  }

  async dump(options: RepoOption<RepoName> = {}): Promise<readonly SchemaDump[]> {
    const repos = checkRepos(this.#repos, options, "dump");
    const { dumpRepo } = await import("./dump-schema.ts");
    const world = this.#runWorld({}, this.#world());
    return settleAll(repos, (repo) => dumpRepo(repo, world));
  }

  async load(repo: RepoName, sql: string, options: SchemaLoadOptions = {}): Promise<SchemaLoaded> {
    const [chosen] = checkRepos(this.#repos, { repo, ...options }, "load");
    if (chosen === undefined) return { repo, loaded: false };
    const { loadRepo } = await import("./load-schema.ts");
    return loadRepo({ repo: chosen, sql }, options, this.#runWorld({}, this.#world()));
  }

  address(repo: RepoName): string {
    const [chosen] = checkRepos(this.#repos, { repo }, "address");
    return chosen?.adapter.describe() ?? "";
  }

  folders(repo: RepoName, options: { readonly data?: boolean } = {}): readonly string[] {
    const [chosen] = checkRepos(this.#repos, { repo }, "folders");
    if (chosen === undefined) return [];
    return foldersOf(chosen, laneNamed(options), this.#config.root ?? this.#changes.root ?? "");
  }

  using(changes: ReleaseChanges<RepoName>): Release<RepoName> {
    const given = checkChanges(changes, this.#repos);
    const adapters = { ...this.#changes.adapters, ...given.adapters } as NonNullable<
      typeof given.adapters
    >;
    return new DefinedRelease<RepoName>(this.#config, this.#repos, {
      ...this.#changes,
      ...given,
      adapters,
    });
  }

  async #run(request: MigrateRequest, lane: LaneName): Promise<readonly RepoOutcome[]> {
    const { migrate } = await import("./migrate.ts");
    return this.#onOwnHistory(this.#runWorld(request.options, this.#world()), (world) =>
      migrate(request, lane, world),
    );
  }

  async #plan(request: MigrateRequest, lane: LaneName): Promise<readonly RepoPlan[]> {
    const { plansOf } = await import("./plan-of.ts");
    return this.#onOwnHistory(this.#runWorld(request.options, this.#world()), (world) =>
      plansOf(request, lane, world),
    );
  }

  /** A table of the usual name that is another tool's is left alone. */
  async #onOwnHistory<Result, Given extends Pick<RunWorld, "emit">>(
    world: Given,
    work: (world: Given) => Promise<Result>,
    isThere?: (repo: Repo) => Promise<boolean>,
  ): Promise<Result> {
    try {
      return await work(world);
    } catch (error) {
      const { settleElsewhere } = await import("./elsewhere.ts");
      await settleElsewhere(error, this.#repos, { emit: world.emit, isThere });
      return this.#onOwnHistory(world, work, isThere);
    }
  }

  /** An app must not start on a guess: only where something has run that is written elsewhere. */
  #whereHistoryIs<Result>(
    { prefix }: Pick<ReadyOptions, "prefix">,
    world: WaitWorld,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.#onOwnHistory(world, work, async (repo) =>
      (await import("./elsewhere.ts")).isElsewhere(repo, prefix, world),
    );
  }

  #waitWorld(): WaitWorld {
    return { ...this.#runWorld({}, this.#world()), version: this.version };
  }

  #world(): World {
    return { ...processWorld(), ...this.#changes };
  }

  #runWorld(options: LogOptions, world: World): RunWorld {
    const { app, version } = this;
    return runWorldOf({ app, version, root: this.#config.root ?? world.root }, world, options);
  }
}

function laneNamed({ data = false }: { readonly data?: boolean }): LaneName {
  return data ? "data" : "schema";
}
