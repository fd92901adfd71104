/** The migrations of a built release: their names from a list that is read at once, the rest when one is run. */
import type { MigrationFile } from "../core/model/migration.ts";
import type { LaneKey } from "../core/plan/planned-release.ts";
import type { MapEntry } from "../engine/discovery/map.ts";
import type { Manifest } from "../release/config.ts";

/** The names of the migrations, known without their code. */
export type ListedMigrations = {
  readonly [repo: string]: { readonly [lane in LaneKey]?: readonly MigrationFile[] };
};

/** `load` gives the manifest with the code. It is called once, and not before more than a name is wanted. */
export function lazyManifest(
  listed: ListedMigrations,
  load: () => Manifest | Promise<Manifest>,
): Manifest {
  let loaded: Manifest | Promise<Manifest> | undefined;
  const lane = (repo: string, name: LaneKey) => {
    const files = listed[repo]?.[name];
    if (files === undefined) return {};
    const entries = async () => {
      loaded ??= load();
      return (await loaded)[repo]![name] as readonly MapEntry[];
    };
    return { [name]: { files, entries } };
  };
  const repos = Object.keys(listed).map((repo) => [
    repo,
    {
      ...lane(repo, "migrations"),
      ...lane(repo, "dataMigrations"),
      ...lane(repo, "tenantMigrations"),
      ...lane(repo, "tenantDataMigrations"),
    },
  ]);
  return Object.fromEntries(repos);
}
