import { ReleaseError } from "../../../core/model/errors.ts";
import type { MigrationFile } from "../../../core/model/migration.ts";
import type { ReadAs } from "../../../core/model/warnings/files.ts";
import { inOrder } from "../../../core/plan/order.ts";
import { mainPath } from "../entry-files.ts";
import type { FolderEntry } from "../layout.ts";
import type { Beside, Whole } from "../whole.ts";
import { type Arrangement, folderOfEntry } from "./arrangement.ts";

/**
 * Drizzle before 1.0: `meta/_journal.json` lists the migrations in their order. A migration that `gen migration` wrote
 * beside them runs by its time.
 */
export const drizzle: Arrangement = (whole, { journals }) =>
  [...journals].reduce((so, [folder, journal]) => readJournal(so, folder, journal), whole);

type Journal = Beside["journals"] extends ReadonlyMap<string, infer One> ? One : never;

function readJournal(whole: Whole, folder: string, { origin, tags, times = [] }: Journal): Whole {
  const own = whole.entries.filter((one) => folderOfEntry(one) === folder);
  const byId = new Map(own.map((one) => [one.id, one]));
  const rejected = new Set(whole.rejected.map(({ path }) => path));
  const inJournal = tags.map((tag): FolderEntry => {
    const path = folder === "" ? `${tag}.sql` : `${folder}/${tag}.sql`;
    const found = byId.get(tag);
    if (found !== undefined) return found;
    // Its name has no version, but the journal gives it a place.
    if (rejected.has(path))
      return { id: tag, version: tag, name: tag, files: { kind: "sql", path } };
    throw new ReleaseError("migration_invalid", {
      origin,
      reason: `it names ${tag}, and ${tag}.sql is not there`,
      hint: "Bring the file back, or take its entry out of the journal.",
    });
  });
  const others = whole.entries.filter((one) => !own.includes(one));
  const beside = own.filter((one) => !tags.includes(one.id));
  const ours = beside.filter((one) => isOurs(one, tags));
  const left = beside.filter((one) => !ours.includes(one));
  const listed = inItsTime(inJournal, { ours, times });
  const paths = new Set(listed.map(({ files }) => mainPath(files)));
  const isPlain = isInOrder(listed) && listed.every((one) => byId.has(one.id));
  const read: ReadAs = {
    layout: "drizzle",
    isReordered: !isPlain,
    left: left.map(({ files }) => mainPath(files)),
  };
  return {
    entries: isPlain ? [...others, ...listed] : placedBehind(others, listed),
    rejected: whole.rejected.filter(({ path }) => !paths.has(path)),
    readAs: isPlain && left.length === 0 ? whole.readAs : [...whole.readAs, read],
  };
}

/** Drizzle writes no modules, and its SQL files have a stamp where all others have one. */
function isOurs({ version, files }: FolderEntry, tags: readonly string[]): boolean {
  const isStamped = /^\d{14}$/.test(version);
  return isStamped && (files.kind === "module" || !tags.some((tag) => /^\d{14}_/.test(tag)));
}

/** Each behind the last of the journal that is older: what Drizzle adds later comes behind it. */
function inItsTime(
  inJournal: readonly FolderEntry[],
  { ours, times }: { readonly ours: readonly FolderEntry[]; readonly times: readonly number[] },
): readonly FolderEntry[] {
  const sorted = ours.toSorted((a, b) => inOrder(fileOf(a), fileOf(b)));
  const behind = Map.groupBy(sorted, ({ version }) =>
    inJournal.findLastIndex((_, i) => (times[i] ?? 0) <= timeOf(version)),
  );
  return [
    ...(behind.get(-1) ?? []),
    ...inJournal.flatMap((one, i) => [one, ...(behind.get(i) ?? [])]),
  ];
}

/** `20210718153339`, in UTC. */
function timeOf(version: string): number {
  const [year, month, day, ...time] = version.match(/^\d{4}|\d\d/g)!.map(Number);
  return Date.UTC(year!, month! - 1, day!, ...time);
}

function placedBehind(
  others: readonly FolderEntry[],
  listed: readonly FolderEntry[],
): readonly FolderEntry[] {
  const first = others.toSorted((a, b) => inOrder(fileOf(a), fileOf(b)));
  return [...first, ...listed].map((one, place) => ({ ...one, place }));
}

function isInOrder(entries: readonly FolderEntry[]): boolean {
  return entries.every((one, i) => i === 0 || inOrder(fileOf(entries[i - 1]!), fileOf(one)) < 0);
}

function fileOf(entry: FolderEntry): MigrationFile {
  return { ...entry, origin: mainPath(entry.files) };
}
