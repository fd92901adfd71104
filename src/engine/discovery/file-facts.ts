/** A migration in a folder as another tool would look at it. */
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { FileFacts } from "../../core/model/file-facts.ts";
import { displayPath } from "./display-path.ts";
import { journalEntries } from "./drizzle-journal.ts";
import { mainPath } from "./entry-files.ts";
import { readText } from "./read-text.ts";
import type { FoundMigration } from "./read-tree.ts";

/** Reads the text that goes up, and Drizzle's journal where there is one. */
export function fileFacts({ file, files }: FoundMigration, root: string): FileFacts {
  const path = mainPath(files);
  const own = basename(path);
  const isFolder = /^(?:up|down|migration)\.sql$/.test(own);
  const journalWhen = isFolder ? undefined : journalTime(dirname(path), file.id, root);
  if (files.kind === "sql" && files.changeset !== undefined) {
    const text = `--changeset ${files.changeset}\n`;
    return { base: `${own} ${files.changeset}`, stem: files.changeset, text };
  }
  return {
    base: isFolder ? basename(dirname(path)) : own,
    stem: file.id,
    text: readText(path, displayPath(root, path)),
    ...(journalWhen === undefined ? {} : { journalWhen }),
  };
}

function journalTime(folder: string, tag: string, root: string): string | undefined {
  const path = join(folder, "meta", "_journal.json");
  if (!existsSync(path)) return undefined;
  const entries = journalEntries(readText(path, displayPath(root, path)));
  const when = entries.find((entry) => entry.tag === tag)?.when;
  return typeof when === "number" ? String(when) : undefined;
}
