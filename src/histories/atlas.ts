import type { ForeignHistory } from "./foreign-history.ts";
import { leadingDigits, timeOf } from "./key.ts";

/** Atlas: the leading digits. Fewer statements applied than there are means that it failed in the middle. */
export const atlas: ForeignHistory = {
  tool: "atlas",
  label: "Atlas",
  table: {
    name: "atlas_schema_revisions",
    has: ["version", "description", "applied", "total", "executed_at", "hash"],
  },
  columns: ["version", "applied", "total", "executed_at", "error"],
  order: ["version"],
  says(row) {
    const { version: key, applied, total, executed_at: at, error } = row;
    if (key === undefined || key.startsWith(".")) return undefined;
    if (error || Number(applied) < Number(total))
      return { key, state: "failed", reason: `${applied} of its ${total} statements ran` };
    return { key, state: "applied", appliedAt: timeOf(at) };
  },
  keys: leadingDigits,
};
