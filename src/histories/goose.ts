import type { ForeignHistory } from "./foreign-history.ts";
import { isTrue, leadingNumber, timeOf } from "./key.ts";

/** goose: a row for each time that it ran; the newest of a version counts. Version 0 is its own first row. */
export const goose: ForeignHistory = {
  tool: "goose",
  label: "goose",
  table: { name: "goose_db_version", has: ["id", "version_id", "is_applied"] },
  columns: ["version_id", "is_applied"],
  laterColumns: ["tstamp"],
  wallClock: ["tstamp"],
  order: ["id"],
  says: ({ version_id: key, is_applied: applied, tstamp }) => {
    if (key === undefined || key === "0") return undefined;
    return isTrue(applied)
      ? { key, state: "applied", appliedAt: timeOf(tstamp) }
      : { key, state: "rolled_back" };
  },
  keys: leadingNumber,
};
