/** Holds what the methods of a release share: its repos and the world around them. */
import type { RepoDiagnosis } from "../core/model/diagnosis.ts";
import type { OnEvent } from "../engine/told-event.ts";
import { endedRuns, type TracedWork, traced } from "../engine/traced.ts";
import type { Backfills } from "./backfills.ts";
import { backfillsOf } from "./backfills-of.ts";
import type { ReleaseChanges } from "./changes.ts";
import { checkRepos, oneRepo, versionOption } from "./check-options.ts";
import type { Repo } from "./config.ts";
import { type LaneName, laneNamed } from "./lane.ts";
import type { RepoOutcome } from "./migrate.ts";
import type {
  DoctorOptions,
  LogOptions,
  ReadyOptions,
  RollbackOptions,
  VerifyOptions,
  VerifySchemaOptions,
} from "./options.ts";
import type { RepoPlan } from "./repo-plan.ts";
import type { MigrateRequest } from "./requests.ts";
import type { RunWorld } from "./run-world.ts";
import { runWorldOf } from "./run-world-of.ts";
import { settleAll } from "./settle.ts";
import type { CreatedTenant, DroppedTenant } from "./tenants/create-tenant.ts";
import type { ToldEvents } from "./told-events.ts";
import type { Verification } from "./verify.ts";
import type { SchemaVerification } from "./verify-schema.ts";
import type { WaitWorld } from "./wait.ts";
import { processWorld, type World } from "./world.ts";

/** Opens nothing by itself: each method loads its modules. */
export class ReleaseContext {
  readonly app: string;
  readonly version: string | undefined;
  readonly repos: readonly Repo[];
  /** Who hears of runs. */
  readonly listeners: readonly OnEvent[];
  #toldEvents: ToldEvents | undefined;
  readonly #root: string | undefined;
  readonly #changes: Partial<World>;

  /** `root` is the release's own. */
  constructor(
    of: Pick<ReleaseContext, "app" | "version" | "repos" | "listeners"> & {
      readonly root: string | undefined;
    },
    changes: ReleaseChanges<string>,
  ) {
    this.app = of.app;
    this.version = of.version;
    this.repos = of.repos;
    this.listeners = of.listeners;
    this.#root = of.root;
    this.#changes = changes;
  }

  /** The world of the process, with its changes. */
  world(): World {
    return { ...processWorld(), ...this.#changes };
  }

  /** Gives a run its world. */
  runWorld(options: LogOptions = {}, world: World = this.world(), told?: ToldEvents): RunWorld {
    const { app, version } = this;
    return runWorldOf({ app, version, root: this.#root ?? world.root, told }, world, options);
  }

  /** The same, with the version to wait for. */
  waitWorld(): WaitWorld {
    return { ...this.runWorld(), version: this.version };
  }

  /** Runs migrations, or undoes them. */
  async run(request: MigrateRequest, lane: LaneName): Promise<readonly RepoOutcome[]> {
    const { migrate } = await import("./migrate.ts");
    const { direction } = request.target;
    const verb = direction === "up" ? "migrate" : "rollback";
    const does = lane === "data" ? (`${verb} data` as const) : verb;
    return this.#carriedOut(does, request.options, (runWorld) =>
      this.onOwnHistory(runWorld, (world) => migrate(request, lane, world)),
    );
  }

  /** Rolls back what belongs to all, or tenants where some are meant. */
  async rollback(request: MigrateRequest, options: RollbackOptions): Promise<RepoOutcome> {
    const { tenants } = options;
    if (tenants !== undefined) {
      const { rollbackTenants } = await import("./tenants/rollback-tenants.ts");
      return this.#carriedOut("rollback", request.options, (world) =>
        rollbackTenants(request, tenants, world),
      );
    }
    const [outcome] = await this.run(request, laneNamed(options));
    const repo = request.repos[0]?.name ?? "";
    return outcome ?? { repo, direction: "down", migrations: [] };
  }

  /** Makes a tenant. */
  async createTenant(repo: string, tenant: string): Promise<CreatedTenant> {
    const { createTenant } = await import("./tenants/create-tenant.ts");
    return createTenant(oneRepo(this.repos, repo, "tenant create"), tenant, this.runWorld());
  }

  /** Drops one. */
  async dropTenant(repo: string, tenant: string): Promise<DroppedTenant> {
    const { dropTenant } = await import("./tenants/create-tenant.ts");
    return dropTenant(oneRepo(this.repos, repo, "tenant drop"), tenant, this.runWorld());
  }

  /** The commands for backfills. */
  get backfills(): Backfills {
    const backfills = backfillsOf({
      repos: this.repos,
      version: (input) => versionOption("version", input),
      world: (options) => this.#told(options),
    });
    const carryOut = <Result>(work: () => Promise<Result>) =>
      this.#carriedOut("backfill", {}, work);
    return {
      ...backfills,
      work: (...given) => carryOut(() => backfills.work(...given)),
      retryDead: (...given) => carryOut(() => backfills.retryDead(...given)),
    };
  }

  /** The world of a run, with the listeners of the release. */
  #told(options: LogOptions): RunWorld {
    return this.runWorld(options, this.world(), this.#toldEvents);
  }

  async #carriedOut<Result>(
    does: TracedWork["run"]["does"],
    options: LogOptions,
    work: (world: RunWorld) => Promise<Result>,
  ): Promise<Result> {
    // Only here: most releases tell nobody.
    if (this.listeners.length > 0) {
      const { ToldEvents } = await import("./told-events.ts");
      this.#toldEvents ??= new ToldEvents(this.listeners);
    }
    const world = this.#told(options);
    const runId = does === "backfill" ? undefined : world.facts.runId;
    try {
      const facts = { app: this.app, release: this.version, runId, does };
      return await traced("run", facts, () => work(world));
    } finally {
      if (endedRuns.hasSubscribers) await (await import("./ended-run.ts")).endedRun();
      await this.#toldEvents?.settle();
    }
  }

  /** Gives the plan of `run`, without running it. */
  async plan(request: MigrateRequest, lane: LaneName): Promise<readonly RepoPlan[]> {
    const { plansOf } = await import("./plan-of.ts");
    return this.onOwnHistory(this.runWorld(request.options), (world) =>
      plansOf(request, lane, world),
    );
  }

  /** How migrations relate to databases. */
  async verify(options: VerifyOptions<string>, lane: LaneName): Promise<readonly Verification[]> {
    const repos = checkRepos(this.repos, options, "verify");
    const { verifyRepo } = await import("./verify.ts");
    return this.onOwnHistory(this.runWorld(), (world) =>
      settleAll(repos, (repo) => verifyRepo(repo, { lane, options }, world)),
    );
  }

  /** Finds changes that somebody made by hand. */
  async verifySchema(options: VerifySchemaOptions<string>): Promise<readonly SchemaVerification[]> {
    const repos = checkRepos(this.repos, options, "verifySchema");
    const { verifySchemaOf } = await import("./verify-schema.ts");
    return this.onOwnHistory(this.runWorld(), (world) =>
      settleAll(repos, (repo) => verifySchemaOf(repo, options, world)),
    );
  }

  /** Why something will not work. */
  async doctor(options: DoctorOptions<string>): Promise<readonly RepoDiagnosis[]> {
    const repos = checkRepos(this.repos, options, "doctor");
    const { diagnose } = await import("./diagnose.ts");
    const world = this.runWorld();
    return settleAll(repos, (repo) =>
      this.onOwnHistory(world, () => diagnose(repo, options, world)),
    );
  }

  /** Leaves a table of the usual name alone when it is another tool's. */
  async onOwnHistory<Result, Given extends Pick<RunWorld, "emit">>(
    world: Given,
    work: (world: Given) => Promise<Result>,
    isThere?: (repo: Repo) => Promise<boolean>,
  ): Promise<Result> {
    try {
      return await work(world);
    } catch (error) {
      const { settleElsewhere } = await import("./elsewhere.ts");
      await settleElsewhere(error, this.repos, { emit: world.emit, isThere });
      return this.onOwnHistory(world, work, isThere);
    }
  }

  /** An app must not start on a guess: it needs rows in the other history. */
  whereHistoryIs<Result>(
    { prefix }: Pick<ReadyOptions, "prefix">,
    world: WaitWorld,
    work: () => Promise<Result>,
  ): Promise<Result> {
    return this.onOwnHistory(world, work, async (repo) =>
      (await import("./elsewhere.ts")).isElsewhere(repo, prefix, world),
    );
  }
}
