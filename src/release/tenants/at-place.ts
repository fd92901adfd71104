/** A repo as one tenant has it whose file or database is its own: an ordinary repo, with its own history and lock. */
import { ReleaseError } from "../../core/model/errors.ts";
import type { MigrationFile } from "../../core/model/migration.ts";
import type { LoadedMigration } from "../../core/plan/step.ts";
import type { Source } from "../../engine/discovery/source.ts";
import { placeKind } from "../../fleet/places.ts";
import { fleetTablesOf } from "../../fleet/tables.ts";
import type { DatabaseTenants, FileTenants } from "../../fleet/tenants-option.ts";
import type { MigrationsOption, Repo } from "../config.ts";
import { sourceOf } from "../source.ts";
import { ofTenants, tenantDataLaneOf, tenantLaneOf } from "./tenant-lane.ts";

/** Makes the repo of a tenant from its path or address. */
export type AtPlace = (at: string) => Repo;

/**
 * The migrations are found and loaded once, whatever the number of tenants.
 *
 * @throws {ReleaseError} `tenants_unsupported`
 */
export function placesFor(repo: Repo, root: string): AtPlace {
  const { adapter } = repo;
  const kind = placeKind(tenantsIn(repo));
  if (adapter.at === undefined || (adapter.inFiles === true) !== (kind === "files")) {
    const details = { repo: repo.name, database: adapter.dialect.label, what: kind };
    throw new ReleaseError("tenants_unsupported", details);
  }
  const { migrations, mayBeMissing } = tenantLaneOf(repo, {});
  const source = loadedOnce(sourceOf(migrations, { repo: repo.name, root, mayBeMissing }));
  const data = tenantDataLaneOf(repo, {});
  const shared: Repo = {
    ...ofTenants(repo),
    ...{ migrations: { source } satisfies MigrationsOption, carried: {} },
    ...{ modules: undefined, placeholders: undefined, layout: undefined },
    ...{
      dataMigrations: {
        source: loadedOnce(
          sourceOf(data.migrations, { repo: repo.name, root, mayBeMissing: data.mayBeMissing }),
        ),
      },
      dataMigrationsGiven: true,
      tenants: undefined,
      fingerprint: false,
    },
  };
  return (at) => ({ ...shared, adapter: adapter.at!(at) });
}

/** Where the tenants of a repo are that has files or databases. */
export function tenantsIn({ tenants }: Pick<Repo, "tenants">): FileTenants | DatabaseTenants {
  return tenants as FileTenants | DatabaseTenants;
}

/** The tables that keep the quarantine of tenants: beside the history of all. */
export function placesTables({ historyTable: name }: Repo, prefix: string | undefined) {
  return fleetTablesOf({ name, ...(prefix === undefined ? {} : { prefix }) });
}

/** The failure's reason at a place, for messages that have named the repo already. */
export function reasonAt(repo: string, { message }: Error): string {
  return message.replace(`repo ${repo}: `, "");
}

function loadedOnce(source: Source): Source {
  let listed: ReturnType<Source["list"]> | undefined;
  const loaded = new Map<string, Promise<LoadedMigration>>();
  const checksums = new Map<string, Promise<string | undefined>>();
  const once = <Found>(
    found: Map<string, Promise<Found>>,
    { origin }: MigrationFile,
    find: () => Promise<Found>,
  ) => {
    const known = found.get(origin) ?? find();
    found.set(origin, known);
    return known;
  };
  return {
    ...source,
    list: () => {
      listed ??= source.list();
      return listed;
    },
    // The facts about a file may differ from tenant to tenant: when it is to run again.
    load: async (file, syntax) => ({
      ...(await once(loaded, file, () => source.load(file, syntax))),
      file,
    }),
    checksum: (file) => once(checksums, file, () => source.checksum(file)),
  };
}
