import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** sqitch: the name of the change; the order is that of its plan, which copies of its files have as a number before it. */
export const sqitch: ForeignHistory = {
  tool: "sqitch",
  label: "sqitch",
  table: {
    name: "changes",
    has: ["change_id", "script_hash", "change", "project", "committed_at"],
  },
  columns: ["change", "committed_at", "script_hash"],
  order: ["committed_at"],
  says: ({ change, committed_at: at, script_hash: checksum }) =>
    change === undefined
      ? undefined
      : { key: change, state: "applied", appliedAt: timeOf(at), checksum },
  keys: ({ stem }) => [stem, stem.replace(/^\d+[-_.]/, "")],
  checksums: ({ text }, { sha1 }) => [sha1(text)],
};
