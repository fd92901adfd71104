/** Takes over the histories that tenants have in their own schemas: matches each with the files, and records it in the central one. */
import type { Session } from "../../adapters/adapter.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { ReleaseError } from "../../core/model/errors.ts";
import type { FileFacts } from "../../core/model/file-facts.ts";
import type { MigrationFile, Version } from "../../core/model/migration.ts";
import type { Step } from "../../core/plan/step.ts";
import type { FleetContext } from "../../fleet/fleet-context.ts";
import { keepPlans } from "../../fleet/plans.ts";
import { ensureFleet, readTenants, registerTenants, untouched } from "../../fleet/registry.ts";
import { compileGroup } from "../../fleet/tenant-group.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import { runTenant } from "../../fleet/tenant-run.ts";
import type { ForeignRow } from "../../histories/foreign-history.ts";
import { type Doubt, type Matched, match } from "../../histories/match.ts";
import type { Adoption, AdoptRequest } from "../adopt.ts";
import { hashes } from "../foreign-hashes.ts";
import { openForeign } from "../foreign-rows.ts";
import { keptStep } from "../record-applied.ts";
import type { RunWorld } from "../run-world.ts";
import { sourceOf } from "../source.ts";
import { whereItIs } from "./migrate-tenants.ts";
import { fleetContext } from "./prepare-tenants.ts";
import { isInPlaces, ofTenants, tenantLaneOf } from "./tenant-lane.ts";
import { findTenantTables, readTenantTables } from "./tenant-tables.ts";

type File = FileFacts & { readonly file: MigrationFile };

/** Tenants with the same rows are matched once. */
type Alike = { readonly tenants: string[]; readonly matched: Matched<File> };

/**
 * Runs no migration, and leaves the other tables as they are. Doing it twice does nothing.
 *
 * @throws {ReleaseError} `tenants_not_there`, `foreign_missing`, `foreign_ambiguous`, `foreign_doubtful`, `tenants_failed`
 */
export async function adoptTenants(request: AdoptRequest, world: RunWorld): Promise<Adoption> {
  const { repo, from, table } = request;
  if (repo.tenants === undefined) throw new ReleaseError("tenants_not_there", { repo: repo.name });
  if (isInPlaces(repo)) {
    const what = "files" in repo.tenants ? "files" : "databases";
    throw new ReleaseError("tenants_unsupported", {
      ...{ repo: repo.name, database: repo.adapter.dialect.label, what },
    });
  }
  const session = await openForeign(request, world);
  try {
    const context = await whereItIs({
      ...{ repo, session },
      context: await fleetContext(repo, session, {}, world),
    });
    const names = await tenantNames(repo.name, repo.tenants, session);
    const states = await readTenants(session, context.tables);
    const isKnown = (tenant: string) =>
      (states.get(tenant) ?? untouched).versions !== untouched.versions;
    const wanted = names.filter((tenant) => !isKnown(tenant));
    const found = await findTenantTables(session, { repo: repo.name, tenants: names, from, table });
    const rows = await readTenantTables(session, {
      ...found,
      tables: new Map([...found.tables].filter(([tenant]) => !isKnown(tenant))),
    });
    const files = await tenantFiles(request, world);
    const alike = matchAll(rows, (own) => match(found.history, { rows: own, files, hashes }));
    const open = doubtsOf(alike).filter(({ kind }) => !request.accept.includes(kind));
    if (open.length > 0) {
      const { label: tool } = found.history;
      throw new DevelopmentError("foreign_doubtful", { repo: repo.name, tool, doubts: open });
    }
    const some = alike.filter(({ matched }) => matched.adopted.length > 0);
    if (!request.dryRun) await record(some, { request, rows, session, context, world });
    const adopted = some.reduce((sum, { tenants }) => sum + tenants.length, 0);
    return {
      ...{ repo: repo.name, tool: found.history.tool },
      table: table ?? found.history.table.name,
      ...{ recorded: [], known: 0, pending: [], accepted: doubtsOf(alike) },
      tenants: {
        ...{ tenants: names.length, adopted, recorded: countsOf(some) },
        known: names.length - wanted.length,
        without: wanted.length - adopted,
      },
    };
  } finally {
    await session.close();
  }
}

async function tenantFiles({ repo }: AdoptRequest, { root }: RunWorld): Promise<readonly File[]> {
  const { migrations, mayBeMissing } = tenantLaneOf(repo, {});
  const source = sourceOf(migrations, { repo: repo.name, root, mayBeMissing });
  const { files } = await source.list();
  return Promise.all(files.map(async (file) => ({ ...(await source.facts(file)), file })));
}

function matchAll(
  rows: ReadonlyMap<string, readonly ForeignRow[]>,
  matched: (rows: readonly ForeignRow[]) => Matched<File>,
): readonly Alike[] {
  const alike = new Map<string, Alike>();
  for (const [tenant, own] of rows) {
    const key = JSON.stringify(own.map(({ key, state, checksum }) => [key, state, checksum]));
    const group = alike.get(key) ?? { tenants: [], matched: matched(own) };
    alike.set(key, group);
    group.tenants.push(tenant);
  }
  return [...alike.values()];
}

/** Each with the tenants that it is about. */
function doubtsOf(alike: readonly Alike[]): readonly Doubt[] {
  return alike.flatMap(({ tenants, matched: { doubts } }) => {
    const [first = "", ...more] = tenants;
    const whose = more.length === 0 ? first : `${first} and ${more.length} more`;
    return doubts.map((one) => ({ ...one, words: `${whose}: ${one.words}` }));
  });
}

function countsOf(alike: readonly Alike[]): Readonly<Record<Version, number>> {
  const counts = new Map<Version, number>();
  for (const { tenants, matched } of alike)
    for (const { file } of matched.adopted)
      counts.set(file.file.version, (counts.get(file.file.version) ?? 0) + tenants.length);
  return Object.fromEntries(counts);
}

type Recording = {
  readonly request: AdoptRequest;
  readonly rows: ReadonlyMap<string, readonly ForeignRow[]>;
  readonly session: Session;
  readonly context: FleetContext;
  readonly world: RunWorld;
};

/** Leaves a tenant to the run that has meanwhile begun on it. */
async function record(alike: readonly Alike[], at: Recording): Promise<void> {
  const { session, context, rows } = at;
  await ensureFleet(session, context);
  const steps = await stepsOf(alike, at);
  await keepPlans(session, context, [...steps.values()]);
  for (const { tenants, matched } of alike) {
    await registerTenants(session, context, tenants);
    const own = matched.adopted.map(({ file }) => steps.get(file.file.version)!);
    const { versions } = untouched;
    const group = { direction: "up", versions, has: [], steps: own } as const;
    const keys = new Map(matched.adopted.map(({ file, row }) => [file.file.version, row.key]));
    for (const tenant of tenants) {
      const times = new Map(rows.get(tenant)?.map(({ key, appliedAt }) => [key, appliedAt]));
      const ranAt = ({ file }: Step) => times.get(keys.get(file.version) ?? "");
      const how = { dialect: session.dialect, quarantined: true, ranAt };
      const work = { tenant, compiled: { ...compileGroup(group, how, context), parts: [] } };
      const ending = await runTenant(session, work, context);
      if (!("failed" in ending)) continue;
      const { failed } = ending;
      throw new ReleaseError("tenants_failed", { repo: context.repo, failed: [failed], done: 0 });
    }
  }
}

async function stepsOf(
  alike: readonly Alike[],
  { request, session, world }: Recording,
): Promise<ReadonlyMap<Version, Step>> {
  const repo = ofTenants(request.repo);
  const { migrations, mayBeMissing } = tenantLaneOf(repo, {});
  const source = sourceOf(migrations, { repo: repo.name, root: world.root, mayBeMissing });
  const files = new Map(
    alike.flatMap(({ matched }) =>
      matched.adopted.map(({ file: { file } }) => [file.version, file]),
    ),
  );
  const steps = await Promise.all(
    [...files.values()].map((file) => keptStep(file, { repo, source, session })),
  );
  return new Map(steps.map((step) => [step.file.version, step]));
}
