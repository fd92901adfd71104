import type { ForeignHistory } from "./foreign-history.ts";
import { isTrue, timeOf } from "./key.ts";

/** pgroll: the name of the migration. One that was started and not completed keeps both shapes of the schema. */
export const pgroll: ForeignHistory = {
  tool: "pgroll",
  label: "pgroll",
  table: {
    name: "migrations",
    schema: "pgroll",
    has: ["schema", "name", "migration", "parent", "done"],
  },
  columns: ["name", "created_at", "done"],
  order: ["created_at"],
  says: ({ name: key, created_at: at, done }) => {
    if (key === undefined) return undefined;
    return isTrue(done)
      ? { key, state: "applied", appliedAt: timeOf(at) }
      : { key, state: "failed", reason: "it was started and not completed" };
  },
  keys: ({ stem }) => [stem],
};
