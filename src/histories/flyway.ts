import type { FileFacts, ForeignHistory, Hashes } from "./foreign-history.ts";
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
  order: ["installed_rank"],
  says(row) {
    const { type = "", script, checksum, installed_on: at, success } = row;
    if (script === undefined || /^(?:SCHEMA|BASELINE|DELETE)$/i.test(type)) return undefined;
    const key = script.replace(/^.*\//, "");
    if (/^UNDO/i.test(type)) return { key: key.replace(/^U/, "V"), state: "rolled_back" };
    if (!isTrue(success))
      return { key, state: "failed", reason: "it failed, so a part of it may be there" };
    return { key, state: "applied", appliedAt: timeOf(at), checksum };
  },
  keys: ({ base }) => [base],
  checksums: (file, hashes) => [String(lineSum(file, hashes))],
};

function lineSum({ text }: FileFacts, { crc32 }: Hashes): number {
  return crc32(
    text
      .replace(/^\uFEFF/, "")
      .split(/\r\n|\r|\n/)
      .join(""),
  );
}
