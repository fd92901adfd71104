import type { ForeignHistory } from "./foreign-history.ts";
import { leadingNumber, timeOf } from "./key.ts";

/** Postgrator: the number; row 0 is its own. A lower number without a row never ran. */
export const postgrator: ForeignHistory = {
  tool: "postgrator",
  label: "Postgrator",
  table: { name: "schemaversion", has: ["version", "name", "md5", "run_at"] },
  columns: ["version", "md5", "run_at"],
  order: ["version"],
  says: ({ version, md5, run_at: at }) =>
    version === undefined || version === "0"
      ? undefined
      : { key: version, state: "applied", appliedAt: timeOf(at), checksum: md5 },
  keys: leadingNumber,
  checksums: ({ text }, { md5 }) => {
    const unix = text.replaceAll("\r\n", "\n");
    return [md5(text), md5(unix), md5(unix.replaceAll("\n", "\r\n"))];
  },
};
