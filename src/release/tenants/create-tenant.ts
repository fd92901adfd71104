/** A new tenant, at the current version at once; and one that is gone, with all that is in its schema. */
import { readRuns } from "../../backfill/ledger.ts";
import { tenantHistory } from "../../backfill/tenant-runs.ts";
import { forgetRun } from "../../core/backfill/ledger.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import { plain } from "../../core/model/statement.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import { followOwn } from "../../fleet/own-histories.ts";
import { keepPlans } from "../../fleet/plans.ts";
import { ensureFleet, readTenants, registerTenants, untouched } from "../../fleet/registry.ts";
import { compileGroup } from "../../fleet/tenant-group.ts";
import { refuseNames } from "../../fleet/tenant-names.ts";
import { runTenant } from "../../fleet/tenant-run.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { RunWorld } from "../run-world.ts";
import { whereItIs } from "./migrate-tenants.ts";
import { fleetContext } from "./prepare-tenants.ts";
import { isInPlaces, tenantDataLaneOf } from "./tenant-lane.ts";
import { tenantPlans } from "./tenant-plans.ts";

/**
 * The result of making a tenant. `already_there`: its schema was, and is at the current version
 * now.
 */
export type CreatedTenant = {
  readonly repo: string;
  readonly tenant: string;
  readonly status: "created" | "already_there";
};

/** The result of dropping a tenant. */
export type DroppedTenant = {
  readonly repo: string;
  readonly tenant: string;
  readonly status: "dropped" | "already_gone";
};

/**
 * Makes the schema at the current version, in one transaction and one message: as a copy of tenants that are up to date,
 * or by all migrations, compiled before. Where another process does the same, both find it made.
 *
 * @throws {ReleaseError} `tenants_not_there`, `tenants_invalid`, `tenants_failed`
 */
export async function createTenant(
  repo: Repo,
  tenant: string,
  world: RunWorld,
): Promise<CreatedTenant> {
  return withTenant(repo, tenant, world, async ({ session, context }) => {
    const wanted = { target: { direction: "up", all: true } } as const;
    const before = await readTenants(session, context.tables);
    // Nobody waits for locks on tables that are only made, so there is nothing to judge.
    const judged: Repo = before.has(tenant) ? repo : { ...repo, safe: "off" };
    const plans = await tenantPlans(judged, session, wanted, world);
    await ensureFleet(session, context);
    await registerTenants(session, context, [tenant]);
    await followOwn(session, context.tables, [tenant]);
    const created: CreatedTenant = { repo: repo.name, tenant, status: "created" };
    for (;;) {
      const states = await readTenants(session, context.tables);
      const { versions } = states.get(tenant) ?? untouched;
      const isNew = versions === untouched.versions;
      const compiled = async () => {
        const group = await plans.groupOf(versions, tenant);
        const how = { dialect: session.dialect, quarantined: true };
        return compileGroup(group, how, context);
      };
      // Rows of a history in the schema are in no catalog.
      if (isNew && context.own === undefined && plans.files.length >= worthCopying) {
        const { copyTenant } = await import("./copy-tenant.ts");
        const like = { tenant, compiled, current: plans.current, states };
        if (await copyTenant(session, like, context)) return created;
      }
      const all = await compiled();
      if (all.group.steps.length === 0 && !isNew) {
        await refuseGone(session, tenant, context);
        return { repo: repo.name, tenant, status: "already_there" };
      }
      await keepPlans(session, context, all.group.steps);
      const made = plain(context.sql.create(tenant));
      const begin = [...all.before, ...all.limits, made];
      const work = { tenant, compiled: { ...all, before: begin } };
      const ending = await runTenant(session, work, context);
      if (ending.status === "done") return created;
      if (ending.status === "busy") {
        await world.edge.sleep(busyMs, world.edge.signal);
        continue;
      }
      const failed = "failed" in ending ? [ending.failed] : [];
      throw new ReleaseError("tenants_failed", { repo: repo.name, failed, done: 0 });
    }
  });
}

/** Somebody dropped the schema by hand. @throws {ReleaseError} `tenants_failed` */
async function refuseGone(
  session: At["session"],
  tenant: string,
  { repo, sql }: FleetContext,
): Promise<void> {
  const [there] = await session.query(sql.isThere(tenant));
  if (there?.there === true) return;
  const reason = `its schema is not there, but its history is; forget that first: slipway tenant drop ${repo} ${tenant}`;
  const failed = [{ tenant, version: "", name: "", reason }];
  throw new ReleaseError("tenants_failed", { repo, failed, done: 0 });
}

const busyMs = 100;

/** Fewer migrations are made sooner than the schemas of others are read. */
const worthCopying = 20;

/**
 * Drops the schema, and forgets what ran in it. Gives whether there was anything.
 *
 * @throws {ReleaseError} `tenants_not_there`, `tenants_invalid`
 */
export async function dropTenant(
  repo: Repo,
  tenant: string,
  world: RunWorld,
): Promise<DroppedTenant> {
  return withTenant(repo, tenant, world, async ({ session, context }) => {
    const { dialect } = session;
    const { quote: q, quoteNamed, literal } = dialect;
    const states = await readTenants(session, context.tables);
    const [there] = await session.query(context.sql.isThere(tenant));
    const known = states.has(tenant);
    const is = `${q("tenant")} ${dialect.operator("=")} ${literal(tenant)}`;
    const { tenants, history } = context.tables;
    const forget = [tenants, history].map(
      (table) => `DELETE FROM ${quoteNamed(table)} WHERE ${is}`,
    );
    const data = tenantHistory(tenantDataLaneOf(repo, {}).historyTable, tenant);
    const runs = await readRuns(session, data);
    const work = [
      plain(dialect.begin),
      ...(known ? forget : []).map(plain),
      ...runs.flatMap(({ version }) => forgetRun(dialect, { history: data, version })),
      plain(context.sql.drop(tenant)),
      plain(dialect.commit),
    ];
    await session.execute(work);
    const status = known || there?.there === true ? "dropped" : "already_gone";
    return { repo: repo.name, tenant, status };
  });
}

type At = {
  readonly session: Awaited<ReturnType<typeof openSession>>;
  readonly context: FleetContext;
};

async function withTenant<Result>(
  repo: Repo,
  tenant: string,
  world: RunWorld,
  work: (at: At) => Promise<Result>,
): Promise<Result> {
  if (repo.tenants === undefined) throw new ReleaseError("tenants_not_there", { repo: repo.name });
  if (isInPlaces(repo)) {
    const what = "files" in repo.tenants ? "file" : "database";
    throw new ReleaseError("tenants_made_elsewhere", { repo: repo.name, tenant, what });
  }
  const session = await openSession(repo, { role: "work", ...world });
  try {
    refuseNames(repo.name, [tenant], session.dialect.identifierLimit);
    const context = await fleetContext(repo, session, {}, world);
    return await work({ session, context: await whereItIs({ repo, session, context }) });
  } finally {
    await session.close();
  }
}
