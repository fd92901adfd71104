import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf, withEndings } from "./key.ts";

/** @databases/pg-migrations: the name of the file with its ending. */
export const databasesPgMigrations: ForeignHistory = {
  tool: "databases-pg-migrations",
  label: "@databases/pg-migrations",
  table: {
    name: "atdatabases_migrations_applied",
    has: ["id", "index", "name", "script", "applied_at", "ignored_error", "obsolete"],
  },
  columns: ["name", "applied_at", "ignored_error", "obsolete"],
  order: ["index"],
  says(row) {
    const { name: key, applied_at: at, ignored_error: error, obsolete } = row;
    if (key === undefined || /^t/i.test(obsolete ?? "")) return undefined;
    if (error !== undefined)
      return { key, state: "failed", reason: `its error was ignored: ${error}` };
    return { key, state: "applied", appliedAt: timeOf(at) };
  },
  keys: withEndings,
};
