/**
 * Data migrations of tenants that have a schema each: tenant by tenant, with one table of progress for all. Any number
 * of processes may do so at once: each begins with tenants that nobody has begun, and helps with the others afterwards.
 */
import type { Session } from "../../adapters/adapter.ts";
import { changeRun, ensureLedger } from "../../backfill/ledger.ts";
import { type Opening, withConnection } from "../../backfill/reconnect.ts";
import { readTenantRuns, tenantHistory, tenantRunRow } from "../../backfill/tenant-runs.ts";
import { ThrottleGate } from "../../backfill/throttle/gate.ts";
import { HeldTogether } from "../../backfill/throttle/held-together.ts";
import type { FailedTenant } from "../../core/model/errors/fleet.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { Version } from "../../core/model/migration.ts";
import type { Step } from "../../core/plan/step.ts";
import { FleetProgress } from "../../fleet/fleet-progress.ts";
import { byCharacters, tenantNames } from "../../fleet/tenant-names.ts";
import { isBackfillStep } from "../is-backfill-step.ts";
import type { PreparedRun } from "../prepared-run.ts";
import type { MigrateRequest } from "../requests.ts";
import type { RunWorld } from "../run-world.ts";
import { chosen, type TenantsOutcome } from "./migrate-tenants.ts";
import { type DataOfTenant, runDataOfTenant } from "./one-tenant-data.ts";
import { type TenantDataSteps, tenantDataSteps } from "./tenant-data-steps.ts";

/** The result for the tenants. */
export type TenantDataOutcome = {
  readonly tenants: TenantsOutcome;
  /** The time was over first; the next run continues it. */
  readonly resume?: { readonly version: Version; readonly name: string };
};

/** @throws {ReleaseError} `tenants_failed`, `backfill_stopped`, `backfill_changed`, `interrupted`, and every refusal */
export async function migrateTenantData(
  { repo, session }: Pick<PreparedRun, "repo" | "session">,
  { options, target }: Pick<MigrateRequest, "options" | "target">,
  world: RunWorld,
): Promise<TenantDataOutcome | undefined> {
  const found = await tenantDataSteps({ repo, session, options, target }, world);
  if (found === undefined) return undefined;
  const given = options.tenants || {};
  // Ask outside of a tenant's transaction: inside, names would mean objects in its schema.
  const list = async (asker: Session) =>
    chosen({ repo, options: given }, await tenantNames(repo.name, repo.tenants ?? [], asker));
  const names = await list(session);
  const { steps, history } = found;
  const runs = await readTenantRuns(session, history);
  const todo = todoOf(names, steps, runs);
  const { edge } = world;
  const settle = () => settled({ session, ...found.context }, found, list);
  if (todo.length === 0) {
    // A run that was killed, or was about named tenants, left this to do.
    if (runs.some(({ tenant, state }) => tenant === "" && state === "running")) await settle();
    edge.emit({ type: "fleet_up_to_date", repo: repo.name, tenants: names.length });
    return {
      tenants: { tenants: names.length, migrated: 0, failed: [], quarantined: 0 },
    };
  }
  await ensureLedger(session, { table: history, repo: repo.name });
  await tellAll(session, found, world);
  const until = options.forMs === undefined ? undefined : edge.now() + options.forMs;
  const all = new AllTenants(todo, names, list, given.names !== undefined);
  const context = { repo, steps, history, fleet: found.context, world, options, until };
  const wanted = given.concurrency ?? parallelOf(steps);
  const atOnce = repo.adapter.single === true ? 1 : Math.min(wanted, todo.length);
  const shared = { gate: new ThrottleGate({ edge }), held: new HeldTogether(edge) };
  const at: DataOfTenant = { ...context, ...shared, isAlone: todo.length === 1 };
  const ended = await work({ session, atOnce, all }, at);
  if (given.names === undefined) await settle();
  return outcomeOf(ended, { names: names.length, repo: repo.name });
}

/** In their order: those that nobody has begun, then those that somebody has, who may be gone. */
function todoOf(
  names: readonly string[],
  steps: readonly Step[],
  runs: Awaited<ReturnType<typeof readTenantRuns>>,
): readonly string[] {
  const byTenant = Map.groupBy(runs, ({ tenant }) => tenant);
  const isLeft = (tenant: string) => {
    const own = new Map(byTenant.get(tenant)?.map(({ version, state }) => [version, state]));
    return steps.some(({ file }) => own.get(file.version) !== "finished");
  };
  const isBegun = (tenant: string) =>
    byTenant.get(tenant)?.some(({ state }) => state !== "finished") === true;
  const left = names.filter(isLeft);
  return [...left.filter((one) => !isBegun(one)), ...left.filter(isBegun)];
}

/** Writes a row for each version, which holds the command to all tenants. */
async function tellAll(
  session: Session,
  { steps, history, context }: TenantDataSteps,
  { facts }: RunWorld,
): Promise<void> {
  for (const { file } of steps) {
    const key = { history: tenantHistory(history, ""), version: file.version };
    const row = tenantRunRow(session, key, { name: file.name, state: "running", facts });
    await session.query(`${row.sql}${context.sql.ifNew}`);
    await changeRun(session, key, { from: ["finished"], state: "running", reason: null });
  }
}

/** On another connection where this one was lost meanwhile. */
async function settled(
  { session, open, edge }: Opening & { readonly session: Session },
  found: TenantDataSteps,
  list: (asker: Session) => Promise<readonly string[]>,
): Promise<void> {
  const { session: alive } = await withConnection(session, { open, edge }, (here) =>
    settleAll(here, found, list),
  );
  if (alive !== session) await alive.close();
}

/**
 * Ends the command to all when all have the version, those too that came meanwhile; it begins again
 * where one comes later.
 */
async function settleAll(
  session: Session,
  { steps, history }: TenantDataSteps,
  list: (asker: Session) => Promise<readonly string[]>,
): Promise<void> {
  const runs = await readTenantRuns(session, history);
  const names = await list(session);
  for (const { file } of steps) {
    const own = runs.filter(({ version }) => version === file.version);
    const done = new Set(own.filter(({ state }) => state === "finished").map((one) => one.tenant));
    const key = { history: tenantHistory(history, ""), version: file.version };
    if (names.every((name) => done.has(name)))
      await changeRun(session, key, { from: ["running"], state: "finished", reason: null });
  }
}

function parallelOf(steps: readonly Step[]): number {
  return Math.max(1, ...steps.filter(isBackfillStep).map(({ backfill }) => backfill.pace.parallel));
}

/** The tenants that are left to this process; at the end it asks for those that came meanwhile. */
class AllTenants {
  readonly #queue: string[];
  readonly #known: Set<string>;
  readonly #list: (asker: Session) => Promise<readonly string[]>;
  readonly #isNamed: boolean;
  #asking: Promise<void> | undefined;

  constructor(
    todo: readonly string[],
    known: readonly string[],
    list: (asker: Session) => Promise<readonly string[]>,
    isNamed: boolean,
  ) {
    this.#queue = [...todo];
    this.#known = new Set(known);
    this.#list = list;
    this.#isNamed = isNamed;
  }

  /** Another process has just begun it: it may be done when its turn comes again. */
  later(tenant: string): void {
    this.#queue.push(tenant);
  }

  get size(): number {
    return this.#queue.length;
  }

  async next(asker: Session): Promise<string | undefined> {
    if (this.#queue.length === 0 && !this.#isNamed) {
      this.#asking ??= this.#ask(asker);
      await this.#asking;
    }
    return this.#queue.shift();
  }

  async #ask(asker: Session): Promise<void> {
    const come = (await this.#list(asker)).filter((name) => !this.#known.has(name));
    for (const name of come) this.#known.add(name);
    this.#queue.push(...come);
    if (come.length > 0) this.#asking = undefined;
  }
}

type Ended = {
  readonly migrated: number;
  readonly failed: readonly FailedTenant[];
  readonly over: TenantDataOutcome["resume"];
};

async function work(
  {
    session,
    atOnce,
    all,
  }: { readonly session: Session; readonly atOnce: number; readonly all: AllTenants },
  at: DataOfTenant,
): Promise<Ended> {
  const { repo, world, fleet } = at;
  const progress = new FleetProgress({ repo: repo.name, edge: world.edge });
  const failed: FailedTenant[] = [];
  const thrown: unknown[] = [];
  const waited = new Set<string>();
  let over: TenantDataOutcome["resume"];
  progress.begin(all.size, atOnce);
  const worker = async (own: Session | undefined) => {
    let mine = own ?? (await fleet.open());
    try {
      while (thrown.length === 0 && over === undefined) {
        if (world.edge.signal.aborted) throw interrupted(world);
        const tenant = await all.next(mine);
        if (tenant === undefined) return;
        const ended = await runDataOfTenant(mine, tenant, { ...at, mayWait: !waited.has(tenant) });
        mine = ended.session;
        switch (ended.kind) {
          case "begun_elsewhere":
            waited.add(tenant);
            all.later(tenant);
            break;
          case "done":
            if (ended.changed) progress.done();
            else progress.upToDate();
            break;
          case "failed":
            failed.push(ended.failed);
            progress.failed(ended.failed);
            break;
          case "time_over":
            over = ended.resume;
        }
      }
    } finally {
      if (mine !== session) await mine.close().catch(() => undefined);
    }
  };
  const workers = Array.from({ length: atOnce }, (_, i) =>
    worker(i === 0 ? session : undefined).catch((error: unknown) => void thrown.push(error)),
  );
  await Promise.all(workers);
  progress.end({ failed: failed.length, left: 0 });
  if (thrown.length > 0) throw thrown[0];
  return { migrated: progress.migrated, failed, over };
}

function interrupted({ edge }: RunWorld): ReleaseError {
  return new ReleaseError("interrupted", { signal: String(edge.signal.reason), done: [] });
}

/** @throws {ReleaseError} `tenants_failed` */
export function outcomeOf(
  { migrated, failed, over }: Ended,
  { names, repo }: { readonly names: number; readonly repo: string },
): TenantDataOutcome {
  const inOrder = failed.toSorted((a, b) => byCharacters(a.tenant, b.tenant));
  if (failed.length > 0)
    throw new ReleaseError("tenants_failed", {
      ...{ repo, failed: inOrder, done: migrated, triedAgain: true, data: true },
    });
  const tenants = { tenants: names, migrated, failed, quarantined: 0 };
  return over === undefined ? { tenants } : { tenants, resume: over };
}
