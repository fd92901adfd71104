/** Reads folders of migrations into the data that a program carries about them. */
import { existsSync } from "node:fs";
import type { ForeignModules } from "../core/language/foreign-modules.ts";
import { refusing } from "../core/language/sql-migration.ts";
import type { Warning } from "../core/model/warnings.ts";
import { executedFiles } from "../core/plan/executed-files.ts";
import { withoutOwnTransaction } from "../core/sql/own-transaction.ts";
import { type Placeholders, withPlaceholders } from "../core/sql/placeholders.ts";
import type { SqlSyntax } from "../core/sql/token.ts";
import type { LayoutName } from "../engine/discovery/arrangements/index.ts";
import { displayPath } from "../engine/discovery/display-path.ts";
import type { EntryFiles } from "../engine/discovery/entry-files.ts";
import { type FoldersOptions, findMigrations } from "../engine/discovery/folders.ts";
import { changesetOf } from "../engine/discovery/liquibase-sets.ts";
import {
  filesChecksum,
  loadFiles,
  readFileBeside,
  streamedUp,
  transactionSaid,
} from "../engine/discovery/load-files.ts";
import { readText } from "../engine/discovery/read-text.ts";
import type { FoundMigration } from "../engine/discovery/read-tree.ts";
import type { CarriedCode, CarriedMigration, CarriedRepo } from "./carried.ts";

/** The folders of a repo, as absolute paths; none where the user's own map gives the migrations. */
export type RepoFolders = {
  readonly name: string;
  readonly migrations: readonly string[];
  /** Whose rules its SQL follows. */
  readonly syntax: SqlSyntax;
  /** Whose modules the migrations are. Default: Slipway's. */
  readonly modules?: ForeignModules | undefined;
  /** The values of `${name}`: the release carries the resulting text. Default: none. */
  readonly placeholders?: Placeholders | undefined;
  /** How their names are read. Default: as they look. */
  readonly layout?: LayoutName | undefined;
  /** Those that are not there hold nothing: not every repo has data migrations. */
  readonly dataMigrations: readonly string[];
  /** Folders of each tenant's migrations. Default: the repo is one. */
  readonly tenantMigrations?: readonly string[] | undefined;
  /** Those that are not there hold nothing. */
  readonly tenantDataMigrations?: readonly string[] | undefined;
};

/** The migrations that were read, and warnings about files that only look like migrations. */
export type Carried = {
  readonly repos: readonly CarriedRepo[];
  readonly warnings: readonly Warning[];
};

/**
 * Reads every migration of these repos. Modules are run and recorded, because only that tells which files
 * they give to `m.executeFile`.
 *
 * @throws {ReleaseError} `folder_missing`, `not_a_migration`, `migration_unloadable`, `migration_invalid`, `not_utf8`, `operation_invalid`
 */
export async function carry(repos: readonly RepoFolders[], root: string): Promise<Carried> {
  const warnings: Warning[] = [];
  const lane = async (
    folders: readonly string[],
    repo: string,
    how: Pick<LaneOptions, "syntax" | "modules" | "placeholders" | "layout">,
  ) => {
    if (folders.length === 0) return undefined;
    const read = await carryLane(folders, { repo, root, ...how });
    warnings.push(...read.warnings);
    return read.migrations;
  };
  const carried: CarriedRepo[] = [];
  const perhaps = async (
    folders: readonly string[],
    name: string,
    how: Parameters<typeof lane>[2],
  ) => {
    const there = folders.filter((folder) => existsSync(folder));
    return folders.length > 0 && there.length === 0 ? [] : lane(there, name, how);
  };
  for (const { name, migrations, dataMigrations, ...more } of repos) {
    const { tenantMigrations = [], tenantDataMigrations = [], ...how } = more;
    carried.push({
      name,
      migrations: await lane(migrations, name, how),
      dataMigrations: await perhaps(dataMigrations, name, { syntax: how.syntax }),
      ...(tenantMigrations.length === 0
        ? {}
        : { tenantMigrations: await lane(tenantMigrations, name, how) }),
      ...(tenantDataMigrations.length === 0
        ? {}
        : {
            tenantDataMigrations: await perhaps(tenantDataMigrations, name, {
              syntax: how.syntax,
            }),
          }),
    });
  }
  return { repos: carried, warnings };
}

type LaneOptions = FoldersOptions & { readonly syntax: SqlSyntax };
type Lane = {
  readonly migrations: readonly CarriedMigration[];
  readonly warnings: readonly Warning[];
};

async function carryLane(paths: readonly string[], options: LaneOptions): Promise<Lane> {
  const { found: listed, warnings } = await findMigrations(paths, options);
  const found = await inOrderOfRun(listed, options);
  const migrations: CarriedMigration[] = [];
  for (const one of found) {
    migrations.push({
      file: one.file,
      checksum: await filesChecksum(one.files, options.root),
      code: (await largeOf(one, options)) ?? codeOf(one.files, options),
      files: one.files.kind === "module" ? await filesOf(one, options) : {},
    });
  }
  return { migrations, warnings };
}

/**
 * Repeatable migrations name their order in the file, and a release must know it without the file.
 */
async function inOrderOfRun(
  found: readonly FoundMigration[],
  { root, syntax, modules, placeholders }: LaneOptions,
): Promise<readonly FoundMigration[]> {
  const again = found.filter(({ file }) => file.repeatable);
  if (again.length === 0) return found;
  const depending = await Promise.all(
    again.map(async ({ file, files }) => {
      const at = { origin: file.origin, root, syntax, modules, placeholders };
      const { depends = [] } = await loadFiles(files, at);
      return { file, depends };
    }),
  );
  const { inRepeatOrder } = await import("../core/plan/repeatables.ts");
  const ordered = inRepeatOrder(
    found.map(({ file }) => file),
    depending,
  );
  const filesOf = new Map(found.map(({ file, files }) => [file.version, files]));
  return ordered.map((file) => ({ file, files: filesOf.get(file.version)! }));
}

async function largeOf(
  { file: { origin }, files }: FoundMigration,
  { root, syntax, placeholders }: LaneOptions,
): Promise<CarriedCode | undefined> {
  const large = await streamedUp(files, { origin, root, syntax, placeholders });
  if (large === undefined) return undefined;
  const below = files.kind === "pair" ? files.down : undefined;
  if (below === undefined) return { kind: "large", path: large.path };
  const from = displayPath(root, below);
  const down = refusing(from, () => withoutOwnTransaction(readText(below, from), syntax));
  return { kind: "large", path: large.path, down };
}

function codeOf(files: EntryFiles, { root, syntax, placeholders }: LaneOptions): CarriedCode {
  const filled = (text: string, path: string) =>
    placeholders === undefined
      ? text
      : refusing(displayPath(root, path), () => withPlaceholders(text, placeholders, syntax));
  const read = (path: string) => filled(readText(path, displayPath(root, path)), path);
  switch (files.kind) {
    case "module":
      return { kind: "module", path: files.path };
    case "sql": {
      const text = read(files.path);
      if (files.changeset === undefined) return { kind: "sql", text };
      const { path } = files;
      const { up, down, transaction } = changesetOf(path, files.changeset, root);
      const back = down === undefined ? undefined : filled(down, path);
      return { kind: "pair", up: filled(up, path), down: back, transaction };
    }
    case "pair": {
      const text = (path: string | undefined) => (path === undefined ? undefined : read(path));
      const transaction = transactionSaid(files.metadata, root);
      return { kind: "pair", up: text(files.up), down: text(files.down), transaction };
    }
  }
}

async function filesOf(
  { file, files }: FoundMigration,
  { root, syntax, modules }: LaneOptions,
): Promise<CarriedMigration["files"]> {
  const { origin } = file;
  const definition = await loadFiles(files, { origin, root, syntax, modules });
  return executedFiles(file, definition, readFileBeside(files));
}
