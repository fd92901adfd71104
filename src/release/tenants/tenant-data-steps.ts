/** The data migrations of tenants, compiled once for all of them. Writes nothing. */
import type { Session } from "../../adapters/adapter.ts";
import { ReleaseError, refuse } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import type { Named } from "../../core/model/named.ts";
import { plan } from "../../core/plan/plan.ts";
import type { Step } from "../../core/plan/step.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import type { Repo } from "../config.ts";
import { isBackfillStep } from "../is-backfill-step.ts";
import { listMigrations } from "../prepare/read.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { stepsOf } from "../steps.ts";
import { fleetContext } from "./prepare-tenants.ts";
import { tenantDataLaneOf, tenantDefaults } from "./tenant-lane.ts";

/** The steps of each tenant, in their order. */
export type TenantDataSteps = {
  readonly steps: readonly Step[];
  /** The history of data migrations, with its schema: in a tenant's own a bare name means something else. */
  readonly history: Named;
  readonly context: FleetContext;
};

type Asked = Pick<MigrateRequest, "options" | "target"> & {
  readonly repo: Repo;
  readonly session: Session;
};

/**
 * Nothing where the release has none. @throws {ReleaseError} every mistake in the migrations;
 * `tenants_unsupported`
 */
export async function tenantDataSteps(
  { repo, session, options, target }: Asked,
  world: RunWorld,
): Promise<TenantDataSteps | undefined> {
  if ("step" in target && target.step !== undefined)
    throw new ReleaseError("usage_invalid", {
      reason: "--step is not for data migrations of tenants, of which each may have others",
      hint: "Name a version: --to 20210718153339.",
    });
  const lane = tenantDataLaneOf(repo, options);
  const listed = await listMigrations(repo, lane, world.root);
  if (listed.files.length === 0) return undefined;
  const context = await fleetContext(repo, session, options, world);
  const chosen = plan({ repo: repo.name, files: listed.files, applied: [], target });
  const { steps } = await stepsOf({
    plan: chosen,
    ...{ applied: [], source: listed.source, session, fromFiles: false },
    history: { table: lane.historyTable, repo: repo.name },
    prepare: {
      ...{ direction: "up", dialect: session.dialect, defaults: tenantDefaults(repo) },
      ...{ hooks: repo.hooks, prefix: undefined, replaceUnsafe: false, history: lane.historyTable },
    },
  });
  refuse(steps.flatMap(wrongFor));
  return { steps, history: await placed(lane.historyTable, session, context), context };
}

/** The files alone, with nothing loaded. */
export async function tenantDataFiles(
  repo: Repo,
  options: MigrateRequest["options"],
  root: string,
): Promise<readonly MigrationFile[]> {
  return (await listMigrations(repo, tenantDataLaneOf(repo, options), root)).files;
}

/** Where a name without a schema is now. */
export async function placed(
  table: Named,
  session: Session,
  { sql }: Pick<FleetContext, "sql">,
): Promise<Named> {
  if (table.prefix !== undefined) return table;
  const [row] = await session.query(sql.here);
  return { ...table, prefix: String(row?.schema) };
}

function wrongFor(step: Step): readonly ReleaseError[] {
  const { origin } = step.file;
  const wrong = (reason: string, hint: string) => [
    new ReleaseError("migration_invalid", { origin, reason, hint }),
  ];
  if (isBackfillStep(step))
    return step.backfill.snapshot
      ? wrong(
          "a backfill of tenants cannot keep its keys in a snapshot",
          "Leave snapshot out: it walks the table of each tenant by its key.",
        )
      : [];
  const isWhole = step.transactional && !step.actions.some(({ kind }) => kind === "backfill");
  return isWhole
    ? []
    : wrong(
        "a data migration of tenants must be a backfill or one transaction",
        "Write it as defineBackfill, or without what needs several transactions.",
      );
}
