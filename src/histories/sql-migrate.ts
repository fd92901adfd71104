import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** sql-migrate: the name of the file with its ending. */
export const sqlMigrate: ForeignHistory = {
  tool: "sql-migrate",
  label: "sql-migrate",
  table: { name: "gorp_migrations", has: ["id", "applied_at"] },
  columns: ["id", "applied_at"],
  order: ["applied_at", "id"],
  says: ({ id, applied_at: at }) =>
    id === undefined ? undefined : { key: id, state: "applied", appliedAt: timeOf(at) },
  keys: ({ base }) => [base],
};
