/** The names in a folder → the migrations in it. Pure: no file is opened. */
import type { Version } from "../../core/model/migration.ts";
import type { IgnoredBecause } from "../../core/model/warnings/files.ts";
import type { EntryFiles } from "./entry-files.ts";
import { nameInFolder } from "./foreign-name.ts";
import { twinned } from "./twins.ts";

/** The content of a folder, as far as its names tell. */
export type FolderNames = {
  readonly files: readonly string[];
  readonly folders: readonly FolderNode[];
};
type FolderNode = { readonly name: string; readonly files: readonly string[] };

/** A migration, as names relative to its folder. */
export type FolderEntry = {
  readonly id: string;
  readonly version: Version;
  /** Where `version` is the id: the number that the name starts with. */
  readonly number?: Version | undefined;
  readonly name: string;
  /** Its place among the others, where their layout decides the order. */
  readonly place?: number | undefined;
  readonly files: EntryFiles;
};

/** A name that looks like a migration's, and why it is none. */
export type Rejected = {
  readonly path: string;
  readonly because: IgnoredBecause;
  /** The kind of migration that it looks like, where a run without it would go wrong. */
  readonly looksLike?: string | undefined;
};

export type Layout = {
  readonly entries: readonly FolderEntry[];
  readonly rejected: readonly Rejected[];
};

const sqlEnding = /(?:\.(?:up|down))?\.sql$/;
const moduleEnding = /\.[cm]?[jt]s$/;
/** Postgrator's, which return SQL and define no migration of ours. */
const givesSql = /^\d+\.(?:do|undo)(?:\.[^/]+)?\.[cm]?[jt]s$/;
const ignored = /^\.|\.d\.[cm]?ts$|\.(?:test|spec)\.[^.]+$/;
/** Kinds of files that lie beside migrations for other reasons. */
const otherKinds = /\.(?:map|md|json|jsonc|toml|ya?ml|lock|snap|csv|tsv|html|pdf|png|svg)$/;

/** Reads one folder. Migrations that are folders themselves belong to it; other sub-folders do not. */
export function layout(names: FolderNames): Layout {
  const files = names.files.filter((file) => !ignored.test(file));
  const modules = withoutCompiled(
    files.filter((file) => moduleEnding.test(file) && !givesSql.test(file)),
  );
  const sql = files.filter((file) => sqlEnding.test(file));
  const { twins, others: scripts, orphans } = twinned(sql);
  const rest = files.filter((file) => !moduleEnding.test(file) && !sqlEnding.test(file));
  const parts: readonly Layout[] = [
    ...modules.map((path) => entry(path.replace(moduleEnding, ""), { kind: "module", path })),
    ...scripts
      .filter((file) => !isHalf(file))
      .map((path) => entry(path.replace(sqlEnding, ""), { kind: "sql", path })),
    ...pairs(scripts.filter(isHalf)),
    ...twins.map(({ id, up, down }) => entry(id, { kind: "pair", up, down })),
    ...names.folders.filter(isMigrationFolder).map(folderEntry),
    { entries: [], rejected: rest.flatMap(wrongEnding) },
    { entries: [], rejected: orphans.map(orphan) },
  ];
  return {
    entries: parts.flatMap((part) => part.entries),
    rejected: parts.flatMap((part) => part.rejected),
  };
}

/** True for a folder that is one migration, as diesel and Prisma have them. */
export function isMigrationFolder(folder: FolderNode): boolean {
  return folder.files.some((file) => /^(?:up|down|migration)\.sql$/.test(file));
}

/** A compiler made `x.js` of an `x.ts` beside it: the source is the migration. */
function withoutCompiled(modules: readonly string[]): readonly string[] {
  const sources = new Set(
    modules.filter((file) => /ts$/.test(file)).map((file) => file.replace(moduleEnding, "")),
  );
  return modules.filter((file) => /ts$/.test(file) || !sources.has(file.replace(moduleEnding, "")));
}

function entry(id: string, files: EntryFiles): Layout {
  const parsed = nameInFolder(id);
  if (parsed !== undefined) return { entries: [{ id, ...parsed, files }], rejected: [] };
  // A module without a version is a helper of the others.
  if (files.kind === "module") return { entries: [], rejected: [] };
  const path = files.kind === "pair" ? (files.up ?? files.down ?? id) : files.path;
  return { entries: [], rejected: [{ path, because: "version_missing" }] };
}

function orphan(path: string): Rejected {
  const looksLike = "the way back of a file that is not there";
  return { path, because: "way_up_missing", looksLike };
}

function isHalf(file: string): boolean {
  return /\.(?:up|down)\.sql$/.test(file);
}

/** Halves of one name belong together; so do two single halves of one version, and the name of the up file counts. */
function pairs(halves: readonly string[]): readonly Layout[] {
  const ids = Map.groupBy(halves, (file) => file.replace(sqlEnding, ""));
  const versions = Map.groupBy(ids.keys(), (id) => versionOf(id) ?? id);
  return [...versions.values()].flatMap((same) => {
    const files = same.flatMap((id) => ids.get(id)!);
    const [up, second] = files.filter((file) => file.endsWith(".up.sql"));
    const [down, ...more] = files.filter((file) => file.endsWith(".down.sql"));
    const one = second === undefined && more.length === 0;
    if (one) return [entry((up ?? down)!.replace(sqlEnding, ""), { kind: "pair", up, down })];
    return same.map((id) => pair(id, ids.get(id)!));
  });
}

function versionOf(id: string): Version | undefined {
  return nameInFolder(id)?.version;
}

function pair(id: string, files: readonly string[]): Layout {
  const half = (ending: string) => files.find((file) => file.endsWith(ending));
  return entry(id, { kind: "pair", up: half(".up.sql"), down: half(".down.sql") });
}

function folderEntry({ name, files }: FolderNode): Layout {
  const inside = (file: string) => (files.includes(file) ? `${name}/${file}` : undefined);
  const prisma = inside("migration.sql");
  if (prisma !== undefined && !files.includes("down.sql")) {
    return prismaEntry(name, { kind: "sql", path: prisma });
  }
  const up = inside("up.sql") ?? prisma;
  return entry(name, {
    kind: "pair",
    up,
    down: inside("down.sql"),
    metadata: inside("metadata.toml"),
  });
}

/** Prisma orders by text, where a date without a time (20250625_name) is midnight. */
function prismaEntry(id: string, files: EntryFiles): Layout {
  const dated = entry(id.replace(/^(20\d{6})(?=_)/, "$1000000"), files);
  return { ...dated, entries: dated.entries.map((one) => ({ ...one, id })) };
}

function wrongEnding(path: string): readonly Rejected[] {
  const [ending] = /\.[^.]*$/.exec(path) ?? [];
  if (
    ending === undefined ||
    otherKinds.test(path) ||
    nameInFolder(path.slice(0, -ending.length)) === undefined
  )
    return [];
  return [{ path, because: "ending_unknown" }];
}
