/** The changes to one repo: its history as production has it, and then the new migrations. */
import { resolve } from "node:path";
import type { Finding } from "../../check/finding.ts";
import type { CheckNote } from "../../check/judged.ts";
import { DevelopmentError } from "../../core/model/development-error.ts";
import { messageOf } from "../../core/model/message-of.ts";
import type { Version } from "../../core/model/migration.ts";
import type { InventoryEntry, RepoInventory } from "../../release/inventory.ts";
import type { Release } from "../../release/release.ts";
import { type BaseCommit, baseCommit } from "./base-commit.ts";
import { isModule } from "./base-folder.ts";
import { type BaseInventoryOptions, baseInventory } from "./base-inventory.ts";
import { laneKey } from "./lane-key.ts";

/** The migrations of a repo, in the order in which they reach production. */
export type RepoChange = {
  readonly earlier: readonly InventoryEntry[];
  readonly added: readonly InventoryEntry[];
  /** Findings about files that production has run already. */
  readonly findings: readonly Finding[];
  readonly notes: readonly CheckNote[];
};

export type ChangeOptions = {
  readonly ref: string;
  /** The folder of the project. */
  readonly root: string;
  /** The release file, where the user named it; absolute. Default: it was found. */
  readonly releasePath?: string | undefined;
  /** Whether an edit of a migration that has run is only a note. */
  readonly allowEdited: boolean;
};

/**
 * Compares the migrations of now with those of a commit.
 *
 * @throws {ReleaseError} `base_unreadable`
 */
export async function changesSince(
  release: Release,
  repos: readonly RepoInventory[],
  options: ChangeOptions,
): Promise<ReadonlyMap<string, RepoChange>> {
  const { ref, root } = options;
  const base = baseCommit(ref, root);
  const judged = repos.filter((repo) => !isMap(release, repo));
  const folders = new Map(judged.map((repo) => [laneKey(repo), foldersOf(release, repo, options)]));
  const all = [...folders.values()].flat();
  const isOld = (path: string) => all.some((folder) => path.startsWith(folder));
  const isBelow = (path: string) => path.startsWith(resolve(root, "x").slice(0, -1));
  // The imports of a migration are parts of it, and so is the release file that says where
  // migrations are.
  const matters = (path: string) => isOld(path) || isBelow(path) || isModule(path);
  const isSame = ![...base.changed, ...base.deleted].some(matters);
  const isNew = (path: string) => base.added.has(path) || (isOld(path) && !base.files.has(path));
  const { releasePath } = options;
  const then: Then = isSame ? {} : await readThen({ release, base, root, releasePath, isNew });
  return new Map(
    judged.map((repo) => {
      const was = then.repos?.find((one) => one.repo === repo.repo);
      const before = repo.ofTenants ? was && (was.tenantMigrations ?? []) : was?.migrations;
      const found = compare(repo, { before, base, options });
      const newer = base.onlyInBase.filter((path) =>
        folders.get(laneKey(repo))?.some((folder) => path.startsWith(folder)),
      );
      const notes = [
        ...(then.note === undefined ? unread(repo, found.earlier, { base, root }) : [then.note]),
        ...found.notes,
        ...dataNotes(repo, { base, root }),
        ...(newer.length === 0 ? [] : [behind(laneKey(repo), ref, newer.length)]),
      ];
      return [laneKey(repo), { ...found, notes }];
    }),
  );
}

/**
 * Git cannot compare a map of tenants' migrations. The shared migrations are judged without it.
 */
function isMap(release: Release, { repo, ofTenants }: RepoInventory): boolean {
  return ofTenants === true && release.folders(repo, { tenants: true }).length === 0;
}

/** Each ends with a separator. */
function foldersOf(
  release: Release,
  { repo, ofTenants }: RepoInventory,
  { ref, root }: ChangeOptions,
): readonly string[] {
  const named = release.folders(repo, { tenants: ofTenants === true });
  const folders = named.map((folder) => resolve(root, folder, "x").slice(0, -1));
  if (folders.length > 0) return folders;
  throw new DevelopmentError("base_unreadable", {
    ref,
    reason: `the migrations of repo ${repo} are a map in the release, and git compares files`,
    hint: "Name those that are new: slipway check 20210718153339",
  });
}

type Then = {
  readonly repos?: readonly RepoInventory[] | undefined;
  readonly note?: CheckNote | undefined;
};

/** The migrations as they were, compiled. If they can no longer be read, a note says so. */
async function readThen(options: BaseInventoryOptions): Promise<Then> {
  try {
    return { repos: await baseInventory(options) };
  } catch (error) {
    return { note: notRead(options.base.ref, messageOf(error).split("\n")[0] ?? "") };
  }
}

function notRead(ref: string, reason: string): CheckNote {
  const message = `the migrations as they were at ${ref} cannot be read, so no edit of them was looked for: ${reason}`;
  return { code: "base_not_read", message };
}

/** The base may seem to have no migrations, while git finds the present files in it. */
function unread(
  { migrations, ...repo }: RepoInventory,
  earlier: readonly InventoryEntry[],
  { base, root }: { readonly base: BaseCommit; readonly root: string },
): readonly CheckNote[] {
  if (earlier.length > 0) return [];
  const was = migrations
    .map(({ file }) => resolve(root, file.origin))
    .filter((path) => base.files.has(path) || base.renamed.has(path)).length;
  if (was === 0) return [];
  const reason = `repo ${laneKey(repo)} has none there, and git has ${was} of its files`;
  return [notRead(base.ref, reason)];
}

function compare(
  now: RepoInventory,
  {
    before,
    base,
    options,
  }: {
    readonly before: readonly InventoryEntry[] | undefined;
    readonly base: BaseCommit;
    readonly options: ChangeOptions;
  },
): RepoChange {
  const { root, ref } = options;
  const pathOf = ({ file }: InventoryEntry) => resolve(root, file.origin);
  const inFiles = (entry: InventoryEntry) => base.files.has(pathOf(entry));
  const earlier = before?.filter(inFiles) ?? now.migrations.filter(inFiles);
  const known = new Map(earlier.map((entry) => [entry.file.version, entry]));
  const added = now.migrations.filter(({ file }) => !known.has(file.version));
  const findings: Finding[] = [];
  const notes: CheckNote[] = [];
  for (const entry of now.migrations) {
    const was = known.get(entry.file.version);
    const file = entry.file.origin;
    if (was !== undefined && was !== entry && was.meaning !== entry.meaning) {
      if (options.allowEdited)
        notes.push({ code: "migration_edited", file, message: editedWords(ref) });
      else findings.push(edited(file, ref));
    } else if (was !== undefined && was.file.origin !== file) {
      const message = `was called ${was.file.origin} at ${ref}; its version is the same, so it does not run again`;
      notes.push({ code: "migration_renamed", file, message });
    }
    const from = was === undefined ? base.renamed.get(pathOf(entry)) : undefined;
    const old = from && earlier.find((one) => pathOf(one) === from);
    if (old !== undefined && old !== "") findings.push(renumbered(file, old.file.origin, ref));
  }
  const still = new Set<Version>(now.migrations.map(({ file }) => file.version));
  const moved = new Set(base.renamed.values());
  for (const entry of earlier)
    if (!still.has(entry.file.version) && !moved.has(pathOf(entry)))
      notes.push({
        code: "migration_deleted",
        file: entry.file.origin,
        message: `was deleted since ${ref}: where it has run, what it built stays, and a new database never gets it`,
      });
  return { earlier, added, findings, notes };
}

function dataNotes(
  { repo, dataMigrations }: RepoInventory,
  { base, root }: { readonly base: BaseCommit; readonly root: string },
): readonly CheckNote[] {
  const changed = dataMigrations
    .map(({ file }) => resolve(root, file.origin))
    .filter((path) => !base.files.has(path) || base.changed.has(path)).length;
  if (changed === 0) return [];
  const message = `repo ${repo}: ${changed} data migration${changed === 1 ? " is" : "s are"} new or changed, and not judged: the rules are for schema migrations`;
  return [{ code: "data_not_judged", message }];
}

function behind(repo: string, ref: string, count: number): CheckNote {
  const message = `repo ${repo}: ${ref} has ${count} newer file${count === 1 ? "" : "s"} of migrations that this checkout has not, and judged was without them: merge ${ref} first`;
  return { code: "behind_base", message };
}

function editedWords(ref: string): string {
  return `it does something else than at ${ref}: where it has run already, the edit never runs`;
}

function edited(file: string, ref: string): Finding {
  return ofFile(file, {
    rule: "migration-edited",
    message: editedWords(ref),
    safe: `-- leave it as it is at ${ref}, and write a new migration; where it has run nowhere: --allow-edited`,
  });
}

function renumbered(file: string, was: string, ref: string): Finding {
  return ofFile(file, {
    rule: "migration-renumbered",
    message: `it was ${was} at ${ref}: under another version it runs once more where that has run`,
    safe: "-- keep the version of a migration that others may have run",
  });
}

function ofFile(
  file: string,
  {
    rule,
    message,
    safe,
  }: { readonly rule: string; readonly message: string; readonly safe: string },
): Finding {
  return {
    ...{ rule, file, message, tier: "core", line: 1, statement: "", severity: "high" },
    ...{ safe: { sql: [safe] }, tables: [], source: "docs/safety.md" },
  };
}
