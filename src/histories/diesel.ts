import type { ForeignHistory } from "./foreign-history.ts";
import { timeOf } from "./key.ts";

/** diesel: the name up to its first underscore, without its dashes. */
export const diesel: ForeignHistory = {
  tool: "diesel",
  label: "diesel",
  table: { name: "__diesel_schema_migrations", has: ["version", "run_on"] },
  columns: ["version", "run_on"],
  wallClock: ["run_on"],
  order: ["version"],
  says: ({ version, run_on: at }) =>
    version === undefined ? undefined : { key: version, state: "applied", appliedAt: timeOf(at) },
  keys: ({ base }) => [base.replace(/_.*$/s, "").replaceAll("-", "")],
};
