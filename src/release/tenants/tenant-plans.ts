/** Decides which migrations tenants lack, or lose, by those that they have. */
import type { Session } from "../../adapters/adapter.ts";
import {
  type AppliedMigration,
  compareVersions,
  type MigrationFile,
  type Version,
} from "../../core/model/migration.ts";
import type { Warning } from "../../core/model/warnings.ts";
import { pendingFiles } from "../../core/plan/pending-files.ts";
import { type Plan, plan } from "../../core/plan/plan.ts";
import { type Readiness, readiness } from "../../core/plan/readiness.ts";
import type { Step } from "../../core/plan/step.ts";
import { readAppliedOn } from "../../fleet/own-histories.ts";
import { untouched } from "../../fleet/registry.ts";
import type { TenantGroup } from "../../fleet/tenant-group.ts";
import { versionsKey } from "../../fleet/versions.ts";
import type { Repo } from "../config.ts";
import { readPhases } from "../phases.ts";
import { listMigrations } from "../prepare/read.ts";
import type { PrepareContext } from "../run-world.ts";
import { safetyOf } from "../safety.ts";
import { stepsOf } from "../steps.ts";
import { type Decided, refuseSteps, type TenantTarget } from "./tenant-decided.ts";
import { tenantDefaults, tenantLaneOf, tenantTables } from "./tenant-lane.ts";

/** The applied migrations of one group of tenants, and the plan for them. */
export type ChosenForGroup = { readonly applied: readonly AppliedMigration[]; readonly plan: Plan };

/** Each migration is loaded and compiled once, whatever the number of tenants. */
export class TenantPlans {
  readonly files: readonly MigrationFile[];
  /** The key of a tenant that has all. */
  readonly current: string;
  readonly #at: Decided;
  readonly #steps = new Map<Version, Step>();

  constructor(at: Decided) {
    this.files = at.files;
    this.#at = at;
    this.current = versionsKey(at.files.map(({ version }) => version));
  }

  /**
   * Finds migrations that have run on these and mean something else now. @throws {ReleaseError}
   * `migration_edited`
   */
  async edited(
    tenants: readonly string[],
    how: { readonly isAllowed: boolean },
  ): Promise<readonly Warning[]> {
    const { editedOnTenants } = await import("./tenant-edited.ts");
    return editedOnTenants(this.#at, tenants, how);
  }

  /** Whether a release can work with those that have this key; `tenant` is one of them. */
  async readinessOf(
    versions: string,
    tenant: string,
    release: string | undefined,
  ): Promise<Readiness> {
    if (versions === this.current) return { pending: [], later: [], tooNew: [] };
    const { session, source, files } = this.#at;
    const applied = await this.#rowsOf(versions, tenant);
    const phases = await readPhases(pendingFiles(files, applied), { source, session });
    return readiness({ files, applied, phases, release });
  }

  async #rowsOf(versions: string, tenant: string): Promise<readonly AppliedMigration[]> {
    if (versions === untouched.versions) return [];
    const { session, files, lane, repo } = this.#at;
    return readAppliedOn(session, tenantTables(repo, lane.historyTable), { tenant, files });
  }

  /** The versions among them whose files mean something else now. */
  async editedVersions(tenants: readonly string[]): Promise<readonly Version[]> {
    const { findEdits } = await import("./tenant-edited.ts");
    const { meaning } = await findEdits(this.#at, tenants);
    return [...new Set(meaning.map(({ details }) => details.version))].toSorted(compareVersions);
  }

  /** Which migrations those with this key lack, or lose; `tenant` is one of them. Loads none. */
  async chosenFor(versions: string, tenant: string): Promise<ChosenForGroup> {
    const { session, source, wanted, repo, files } = this.#at;
    const rows = await this.#rowsOf(versions, tenant);
    const applied =
      wanted.target.direction === "up"
        ? rows
        : await (await import("./tenant-steps-down.ts")).withKept(rows, this.#at);
    const phases =
      wanted.phase === undefined ? undefined : await readPhases(files, { source, session });
    const chosen = plan({
      ...{ repo: repo.name, files, applied, target: wanted.target, phase: wanted.phase, phases },
      strictVersionOrder: wanted.strictVersionOrder ?? repo.strictVersionOrder,
    });
    return { applied, plan: chosen };
  }

  /** The same, compiled. @throws {ReleaseError} all that refuses it */
  async groupOf(versions: string, tenant: string): Promise<TenantGroup> {
    const { direction } = this.#at.wanted.target;
    // Most tenants have everything, and then nobody needs the list.
    if (versions === this.current && direction === "up")
      return { direction, versions, has: [], steps: [] };
    const { applied, plan: chosen } = await this.chosenFor(versions, tenant);
    const has = applied.map(({ version }) => version);
    if (direction === "down") {
      const { stepsDown } = await import("./tenant-steps-down.ts");
      return { direction, versions, has, steps: await stepsDown(chosen, applied, this.#at) };
    }
    await this.#compile(chosen.files);
    const steps = chosen.files.map(({ version }) => this.#steps.get(version)!);
    return { direction, versions, has, steps };
  }

  async #compile(files: readonly MigrationFile[]): Promise<void> {
    const missing = files.filter(({ version }) => !this.#steps.has(version));
    if (missing.length === 0) return;
    const { session, source, lane, repo, prepare, emit } = this.#at;
    const { steps, warnings } = await stepsOf({
      plan: {
        ...{ repo: repo.name, direction: "up", files: missing },
        ...{ stored: [], restored: [], skipped: [], warnings: [] },
      },
      ...{ applied: [], source, session, prepare, fromFiles: false },
      history: { table: lane.historyTable, repo: repo.name },
    });
    refuseSteps(steps);
    const safety = await safetyOf({
      ...{ files: this.files, source, session, prepare, steps, repo: repo.name },
      // An operation that would stop others on one large table is right on the many small ones of
      // tenants, so only warn.
      mode: repo.safe === "off" || !repo.inUse ? "off" : "warn",
      ...{ startAfter: repo.startAfter, ownRules: repo.ownRules, strict: false },
      policies: { repo: repo.policy, command: undefined },
    });
    // Only here, because a built release was judged when it was built.
    const isJudged = repo.safe === "off" || steps.every(({ verdict }) => verdict !== undefined);
    const shared = isJudged
      ? []
      : await (await import("../shared-now.ts")).sharedNow(steps, session);
    for (const one of [...warnings, ...safety.warnings, ...shared])
      emit({ type: "warning", repo: repo.name, ...one });
    for (const step of steps) this.#steps.set(step.file.version, step);
  }
}

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
