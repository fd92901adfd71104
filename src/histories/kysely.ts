import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** Kysely: the name of the file without its ending. Its lock row says nothing on PostgreSQL, where it stays 0. */
export const kysely: ForeignHistory = {
  tool: "kysely",
  label: "Kysely",
  table: { name: "kysely_migration", has: ["name", "timestamp"] },
  columns: ["name", "timestamp"],
  order: ["name"],
  says: ({ name, timestamp }) =>
    name === undefined ? undefined : { key: name, state: "applied", appliedAt: timeOf(timestamp) },
  keys: ({ stem }) => [stem],
  lock: { table: "kysely_migration_lock", column: "is_locked", held: ["1"] },
};
