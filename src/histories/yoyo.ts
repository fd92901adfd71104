import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** yoyo: the name of the file without its ending. Its hash is of that name, so it says nothing about the text. */
export const yoyo: ForeignHistory = {
  tool: "yoyo",
  label: "yoyo",
  table: { name: "_yoyo_migration", has: ["migration_hash", "migration_id", "applied_at_utc"] },
  columns: ["migration_id", "applied_at_utc"],
  order: ["applied_at_utc"],
  says: ({ migration_id: key, applied_at_utc: at }) =>
    key === undefined ? undefined : { key, state: "applied", appliedAt: timeOf(at) },
  keys: ({ stem }) => [stem],
};
