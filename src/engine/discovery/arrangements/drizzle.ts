import { ReleaseError } from "../../../core/model/errors.ts";
import type { MigrationFile } from "../../../core/model/migration.ts";
import type { ReadAs } from "../../../core/model/warnings/files.ts";
import { inOrder } from "../../../core/plan/order.ts";
import { mainPath } from "../entry-files.ts";
import type { FolderEntry } from "../layout.ts";
import type { Whole } from "../whole.ts";
import { type Arrangement, folderOfEntry } from "./arrangement.ts";

/** Drizzle before 1.0: `meta/_journal.json` says what runs, and in which order. */
export const drizzle: Arrangement = (whole, { journals }) =>
  [...journals].reduce((so, [folder, journal]) => readJournal(so, folder, journal), whole);

type Journal = { readonly origin: string; readonly tags: readonly string[] };

function readJournal(whole: Whole, folder: string, { origin, tags }: Journal): Whole {
  const own = whole.entries.filter((one) => folderOfEntry(one) === folder);
  const byId = new Map(own.map((one) => [one.id, one]));
  const rejected = new Set(whole.rejected.map(({ path }) => path));
  const listed = tags.map((tag): FolderEntry => {
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
  const left = own.filter((one) => !tags.includes(one.id));
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
