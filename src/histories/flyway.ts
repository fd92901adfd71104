import type { FileFacts, ForeignHistory, ForeignRow, Hashes, TextRow } from "./foreign-history.ts";
import { isTrue, timeOf } from "./key.ts";

/** Flyway: the name of the script. Its checksum is of the lines, without their ends, one after the other. */
export const flyway: ForeignHistory = {
  tool: "flyway",
  label: "Flyway",
  table: {
    name: "flyway_schema_history",
    has: ["installed_rank", "version", "description", "type", "script", "checksum", "success"],
  },
  columns: ["version", "type", "script", "checksum", "installed_on", "success"],
  wallClock: ["installed_on"],
  order: ["installed_rank"],
  says(row) {
    const { version, type = "", script, checksum, installed_on: at, success } = row;
    if (script === undefined || /^SCHEMA$/i.test(type)) return undefined;
    const key = script.replace(/^.*\//, "");
    if (/^BASELINE$/i.test(type))
      return { key, state: "applied", appliedAt: timeOf(at), standsFor: version };
    // `repair` writes it after a row whose file is gone.
    if (/^DELETE$/i.test(type)) return { key, state: "rolled_back" };
    if (/^UNDO/i.test(type)) return { key: key.replace(/^U/, "V"), state: "rolled_back" };
    if (!isTrue(success))
      return { key, state: "failed", reason: "it failed, so a part of it may be there" };
    return { key, state: "applied", appliedAt: timeOf(at), checksum };
  },
  together: (rows) => rows.map((row, i) => ({ ...row, key: undoneBy(row, rows.slice(0, i)) })),
  keys: ({ base }) => [base],
  covers: ({ standsFor }, { base }) => {
    const [, version] = /^V(\d+(?:[._]\d+)*)__/.exec(base) ?? [];
    if (version === undefined || standsFor === undefined) return false;
    return compareVersionParts(version.split(/[._]/), standsFor.split(/[._]/)) <= 0;
  },
  checksums: (file, hashes) => [String(lineSum(file, hashes))],
};

/**
 * The script that an undo takes back: the one with its version, whatever words follow in their
 * names.
 */
function undoneBy({ key, text }: ForeignRow, before: readonly ForeignRow[]): string {
  if (text?.version === undefined || !isUndo(text)) return key;
  return (
    before.findLast(({ text: row = {} }) => row.version === text.version && !isUndo(row))?.key ??
    key
  );
}

function isUndo({ type = "" }: TextRow): boolean {
  return /^UNDO/i.test(type);
}

/** 1.9 is before 1.10, and 1 is 1.0. */
function compareVersionParts(a: readonly string[], b: readonly string[]): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const [one, other] = [BigInt(a[i] ?? 0), BigInt(b[i] ?? 0)];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

function lineSum({ text }: FileFacts, { crc32 }: Hashes): number {
  return crc32(
    text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\r|\n/)
      .join(""),
  );
}
