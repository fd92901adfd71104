/** Drizzle's journals → the names of the migrations in their order. */
import { join } from "node:path";
import { isReleaseError, ReleaseError } from "../../core/model/errors.ts";
import { displayPath } from "./display-path.ts";
import { readText } from "./read-text.ts";
import type { Beside, FolderTree } from "./whole.ts";

/** An entry of a journal, not yet checked. */
type JournalEntry = { readonly tag?: unknown; readonly when?: unknown };

/** The entries in the text of a journal. A text that is no journal has none. */
export function journalEntries(text: string): readonly JournalEntry[] {
  const { entries } = JSON.parse(text) as { readonly entries?: unknown };
  return Array.isArray(entries) ? entries : [];
}

/**
 * Reads the journal of each folder that has one.
 *
 * @throws {ReleaseError} `migration_invalid`
 */
export function readJournals(
  path: string,
  { root, tree }: { readonly root: string; readonly tree: FolderTree },
): Beside["journals"] {
  const found = journalFolders(tree, "").map((folder) => {
    const file = join(path, folder, "meta", "_journal.json");
    const origin = displayPath(root, file);
    return [folder, { origin, ...entriesOf(file, origin) }] as const;
  });
  return new Map(found);
}

function journalFolders(tree: FolderTree, path: string): readonly string[] {
  const own = tree.folders.some(
    ({ name, files }) => name === "meta" && files.includes("_journal.json"),
  );
  const below = tree.folders.flatMap((folder) =>
    journalFolders(folder, path === "" ? folder.name : `${path}/${folder.name}`),
  );
  return own ? [path, ...below] : below;
}

function entriesOf(file: string, origin: string) {
  try {
    const entries = journalEntries(readText(file, origin));
    return {
      tags: entries.map(({ tag }) => String(tag)),
      times: entries.map(({ when }) => (typeof when === "number" ? when : 0)),
    };
  } catch (error) {
    if (isReleaseError(error)) throw error;
    const reason = `it is no journal of Drizzle: ${error instanceof Error ? error.message : error}`;
    throw new ReleaseError("migration_invalid", {
      origin,
      reason,
      hint: "Bring it back from git.",
    });
  }
}
