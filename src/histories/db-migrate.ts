import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** db-migrate: a slash and the name of the file without its ending; a scope stands before the slash. */
export const dbMigrate: ForeignHistory = {
  tool: "db-migrate",
  label: "db-migrate",
  table: { name: "migrations", has: ["id", "name", "run_on"] },
  columns: ["name", "run_on"],
  order: ["id"],
  says: ({ name, run_on: at }) =>
    name === undefined
      ? undefined
      : { key: name.replace(/^.*\//, ""), state: "applied", appliedAt: timeOf(at) },
  keys: ({ stem }) => [stem],
};
