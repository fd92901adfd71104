import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** node-pg-migrate: the name of the file without its ending. */
export const nodePgMigrate: ForeignHistory = {
  tool: "node-pg-migrate",
  label: "node-pg-migrate",
  table: { name: "pgmigrations", has: ["id", "name", "run_on"] },
  columns: ["name", "run_on"],
  wallClock: ["run_on"],
  order: ["id"],
  says: ({ name, run_on: at }) =>
    name === undefined ? undefined : { key: name, state: "applied", appliedAt: timeOf(at) },
  keys: ({ stem }) => [stem],
};
