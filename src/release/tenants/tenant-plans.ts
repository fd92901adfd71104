/** The migrations of tenants, and the tenants themselves, before anything is decided. */
import type { Session } from "../../adapters/adapter.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { MigrationFile, Phase, Target, Version } from "../../core/model/migration.ts";
import { plan } from "../../core/plan/plan.ts";
import type { PrepareInput, Step } from "../../core/plan/step.ts";
import { readTenantHistory, untouched } from "../../fleet/registry.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import type { TenantGroup } from "../../fleet/tenant-group.ts";
import { versionsKey } from "../../fleet/versions.ts";
import type { Repo } from "../config.ts";
import { readPhases } from "../phases.ts";
import { listMigrations } from "../prepare/read.ts";
import type { PrepareContext } from "../run-world.ts";
import { safetyOf } from "../safety.ts";
import { stepsOf } from "../steps.ts";
import { tenantDefaults, tenantLaneOf } from "./tenant-lane.ts";

/** What tenants are to get. */
export type TenantTarget = {
  readonly target: Target;
  readonly phase?: Phase | undefined;
  readonly prefix?: string | undefined;
  readonly strictVersionOrder?: boolean | undefined;
};

/** Decides what a tenant lacks, by what it has. Each migration is loaded and compiled once. */
export class TenantPlans {
  readonly files: readonly MigrationFile[];
  readonly #at: Decided;
  readonly #steps = new Map<Version, Step>();
  readonly #current: string;

  constructor(at: Decided) {
    this.files = at.files;
    this.#at = at;
    this.#current = versionsKey(at.files.map(({ version }) => version));
  }

  /** The key of a tenant that has all. */
  get current(): string {
    return this.#current;
  }

  /** What the tenants with this key lack; `tenant` is one of them. @throws {ReleaseError} all that refuses it */
  async groupOf(versions: string, tenant: string): Promise<TenantGroup> {
    const { session, wanted, repo, files, lane } = this.#at;
    const nothing: TenantGroup = { direction: "up", versions, has: [], steps: [] };
    if (versions === this.#current && wanted.target.direction === "up") return nothing;
    const tables = fleetTablesOf(lane.historyTable);
    const applied =
      versions === untouched.versions
        ? []
        : await readTenantHistory(session, tables, { tenant, files });
    const { source } = this.#at;
    const phases =
      wanted.phase === undefined ? undefined : await readPhases(files, { source, session });
    const chosen = plan({
      ...{ repo: repo.name, files, applied, target: wanted.target, phase: wanted.phase, phases },
      strictVersionOrder: wanted.strictVersionOrder ?? repo.strictVersionOrder,
    });
    await this.#compile(chosen.files);
    return {
      ...nothing,
      direction: chosen.direction,
      has: applied.map(({ version }) => version),
      steps: chosen.files.map(({ version }) => this.#steps.get(version)!),
    };
  }

  async #compile(files: readonly MigrationFile[]): Promise<void> {
    const missing = files.filter(({ version }) => !this.#steps.has(version));
    if (missing.length === 0) return;
    const { session, source, lane, repo, prepare, emit } = this.#at;
    const { steps, warnings } = await stepsOf({
      plan: {
        ...{ repo: repo.name, direction: prepare.direction, files: missing },
        ...{ stored: [], restored: [], skipped: [], warnings: [] },
      },
      ...{ applied: [], source, session, prepare, fromFiles: false },
      history: { table: lane.historyTable, repo: repo.name },
    });
    refuse(steps.flatMap(refusedStep));
    const safety = await safetyOf({
      ...{ files: this.files, source, session, prepare, steps, repo: repo.name },
      // What would stop others on one large table is told, and is right on the many small ones of tenants.
      mode: repo.safe === "off" || !repo.inUse ? "off" : "warn",
      ...{ startAfter: repo.startAfter, ownRules: repo.ownRules, strict: false },
      policies: { repo: repo.policy, command: undefined },
    });
    for (const one of [...warnings, ...safety.warnings])
      emit({ type: "warning", repo: repo.name, ...one });
    for (const step of steps) this.#steps.set(step.file.version, step);
  }
}

type Decided = Pick<PrepareContext, "emit"> &
  Awaited<ReturnType<typeof listMigrations>> & {
    readonly repo: Repo;
    readonly session: Session;
    readonly wanted: TenantTarget;
    readonly prepare: Omit<PrepareInput, "migrations">;
  };

/** Reads the names of the migrations of tenants. @throws {ReleaseError} `folder_missing`, `version_duplicated` */
export async function tenantPlans(
  repo: Repo,
  session: Session,
  wanted: TenantTarget,
  context: Pick<PrepareContext, "root" | "emit">,
): Promise<TenantPlans> {
  const lane = tenantLaneOf(repo, wanted);
  const listed = await listMigrations(repo, lane, context.root);
  const { emit } = context;
  for (const one of listed.warnings) emit({ type: "warning", repo: repo.name, ...one });
  const prepare = {
    direction: wanted.target.direction,
    dialect: session.dialect,
    defaults: tenantDefaults(repo),
    hooks: repo.hooks,
    prefix: undefined,
    replaceUnsafe: false,
    history: lane.historyTable,
  };
  return new TenantPlans({ ...listed, repo, session, wanted, prepare, emit });
}

/** Only what is one transaction can be done to a tenant whole or not at all. */
function refusedStep({ file: { origin }, transactional, actions, backfill }: Step) {
  if (transactional && backfill === undefined && !actions.some(({ kind }) => kind === "backfill"))
    return [];
  return [
    new ReleaseError("migration_invalid", {
      origin,
      reason: "a migration of tenants must be one transaction",
      hint: "Write it without concurrently and without a safe form: a table of one tenant is small, so the plain form is quick.",
    }),
  ];
}
