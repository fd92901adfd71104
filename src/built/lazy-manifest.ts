/** The migrations of a built release: their names from a list that is read at once, their code when it is run. */
import type { MigrationFile } from "../core/migration.ts";
import type { Verdict } from "../core/rules/verdict-data.ts";
import type { MapEntry } from "../engine/discovery/map.ts";
import type { Manifest } from "../release/config.ts";

/** What is known of each migration without its code. */
export type Listed = {
  readonly [repo: string]: { readonly [lane in Lane]?: readonly ListedMigration[] };
};
export type ListedMigration = MigrationFile & {
  readonly checksum: string;
  readonly verdict?: Verdict;
};
type Lane = "migrations" | "dataMigrations";

/** `load` gives the manifest with the code, in the same order. It is called once, and not before a migration is run. */
export function lazyManifest(listed: Listed, load: () => Manifest | Promise<Manifest>): Manifest {
  let loaded: Manifest | Promise<Manifest> | undefined;
  const lane = (repo: string, name: Lane): readonly MapEntry[] | undefined =>
    listed[repo]?.[name]?.map((one, index) => {
      const entry = async () => {
        loaded ??= load();
        const entries = (await loaded)[repo]![name] as readonly MapEntry[];
        return entries[index]!;
      };
      return { ...one, load: () => codeOf(entry()), files: () => filesOf(entry()) };
    });
  const repos = Object.keys(listed).map((repo) => {
    const lanes = {
      migrations: lane(repo, "migrations"),
      dataMigrations: lane(repo, "dataMigrations"),
    };
    const known = Object.entries(lanes).filter(([, entries]) => entries !== undefined);
    return [repo, Object.fromEntries(known)] as const;
  });
  return Object.fromEntries(repos);
}

async function codeOf(entry: Promise<MapEntry>): Promise<unknown> {
  const { load } = await entry;
  return typeof load === "function" ? load() : load;
}

async function filesOf(entry: Promise<MapEntry>): Promise<{ readonly [path: string]: string }> {
  const { files = {} } = await entry;
  return typeof files === "function" ? files() : files;
}
