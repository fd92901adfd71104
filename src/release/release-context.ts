/** What the methods of a release share: its repos and the world around them. */
import type { RepoDiagnosis } from "../core/model/diagnosis.ts";
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
import type { Verification } from "./verify.ts";
import type { SchemaVerification } from "./verify-schema.ts";
import type { WaitWorld } from "./wait.ts";
import { processWorld, type World } from "./world.ts";

/** Opens nothing by itself: what a method needs beside it is loaded by the method. */
export class ReleaseContext {
  readonly app: string;
  readonly version: string | undefined;
  readonly repos: readonly Repo[];
  readonly #root: string | undefined;
  readonly #changes: Partial<World>;

  /** `root` is what the release itself says. */
  constructor(
    of: Pick<ReleaseContext, "app" | "version" | "repos"> & { readonly root: string | undefined },
    changes: ReleaseChanges<string>,
  ) {
    this.app = of.app;
    this.version = of.version;
    this.repos = of.repos;
    this.#root = of.root;
    this.#changes = changes;
  }

  /** The world of the process, with what was changed of it. */
  world(): World {
    return { ...processWorld(), ...this.#changes };
  }

  /** What a run gets of the world. */
  runWorld(options: LogOptions = {}, world: World = this.world()): RunWorld {
    const { app, version } = this;
    return runWorldOf({ app, version, root: this.#root ?? world.root }, world, options);
  }

  /** The same, with the version that is waited for. */
  waitWorld(): WaitWorld {
    return { ...this.runWorld(), version: this.version };
  }

  /** Runs migrations, or undoes them. */
  async run(request: MigrateRequest, lane: LaneName): Promise<readonly RepoOutcome[]> {
    const { migrate } = await import("./migrate.ts");
    return this.onOwnHistory(this.runWorld(request.options), (world) =>
      migrate(request, lane, world),
    );
  }

  /** Rolls back what belongs to all, or tenants where some are meant. */
  async rollback(request: MigrateRequest, options: RollbackOptions): Promise<RepoOutcome> {
    const { tenants } = options;
    if (tenants !== undefined) {
      const { rollbackTenants } = await import("./tenants/rollback-tenants.ts");
      return rollbackTenants(request, tenants, this.runWorld(request.options));
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
    return backfillsOf({
      repos: this.repos,
      version: (input) => versionOption("version", input),
      world: (options) => this.runWorld(options),
    });
  }

  /** What `run` would do. */
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

  /** What was changed by hand. */
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

  /** A table of the usual name that is another tool's is left alone. */
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

  /** An app must not start on a guess: only where something has run that is written elsewhere. */
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
