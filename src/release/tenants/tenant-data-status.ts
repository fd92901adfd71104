/** How far the data migrations of tenants are. Takes no lock and writes nothing. */
import type { Session } from "../../adapters/adapter.ts";
import { withConnection } from "../../backfill/reconnect.ts";
import { readTenantRuns } from "../../backfill/tenant-runs.ts";
import type { Version } from "../../core/model/migration.ts";
import { tenantNames } from "../../fleet/tenant-names.ts";
import type { Repo } from "../config.ts";
import { openSession } from "../open.ts";
import type { PrepareContext, RunWorld } from "../run-world.ts";
import { tenantDataFiles } from "./tenant-data-steps.ts";
import { isInPlaces, tenantDataLaneOf } from "./tenant-lane.ts";

/** One of them. */
export type TenantDataStatus = {
  readonly version: Version;
  readonly name: string;
  /** How many tenants have it. */
  readonly done: number;
  /** How many have begun it and not ended it. */
  readonly begun: number;
  /** How many of these failed, and wait for somebody. */
  readonly failed: number;
};

/** Reads how far the listed tenants are; nothing where the release has no data migrations for them. */
export async function readTenantData(
  repo: Repo,
  session: Session,
  names: readonly string[],
  { prefix, root }: { readonly prefix?: string | undefined } & Pick<PrepareContext, "root">,
): Promise<readonly TenantDataStatus[] | undefined> {
  const options = prefix === undefined ? {} : { prefix };
  const files = await tenantDataFiles(repo, options, root);
  if (files.length === 0) return undefined;
  const listed = new Set(names);
  const { historyTable } = tenantDataLaneOf(repo, { prefix });
  const runs = (await readTenantRuns(session, historyTable)).filter(({ tenant }) =>
    listed.has(tenant),
  );
  return files.map(({ version, name }) => {
    const own = runs.filter((run) => run.version === version);
    const count = (isMeant: (state: string) => boolean) =>
      own.filter(({ state }) => isMeant(state)).length;
    return {
      ...{ version, name },
      done: count((state) => state === "finished"),
      begun: count((state) => state !== "finished"),
      failed: count((state) => state === "failed"),
    };
  });
}

/**
 * How many of them some tenant lacks. Where each has a file or a database, none is opened for that.
 *
 * @throws {ReleaseError} `tenants_unreadable`
 */
export async function pendingTenantData(
  repo: Repo,
  session: Session,
  { prefix, world }: { readonly prefix: string | undefined; readonly world: RunWorld },
): Promise<number> {
  if (isInPlaces(repo)) return 0;
  const { edge, root } = world;
  if ((await tenantDataFiles(repo, {}, root)).length === 0) return 0;
  const opening = { edge, open: () => openSession(repo, { role: "work", ...world }) };
  const count = async (alive: Session) => {
    const names = await tenantNames(repo.name, repo.tenants ?? [], alive);
    const data = (await readTenantData(repo, alive, names, { prefix, root })) ?? [];
    return data.filter(({ done }) => done < names.length).length;
  };
  // A long run may have lost the connection that it began with.
  const { session: alive, result } = await withConnection(session, opening, count);
  if (alive !== session) await alive.close();
  return result;
}

/** A line for each: `  20 fill  9,990 of 10,000 done, 2 failed`. */
export function tenantDataLines(
  data: readonly TenantDataStatus[],
  tenants: number,
): readonly string[] {
  const number = (count: number) => count.toLocaleString("en-US");
  return data.map(({ version, name, done, begun, failed }) => {
    const more = [
      ...(begun - failed > 0 ? [`${number(begun - failed)} begun`] : []),
      ...(failed > 0 ? [`${number(failed)} failed`] : []),
    ];
    return `  ${version} ${name}: ${[`${number(done)} of ${number(tenants)} done`, ...more].join(", ")}`;
  });
}
