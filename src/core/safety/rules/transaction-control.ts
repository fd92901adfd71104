/**
 * A BEGIN without an end keeps its locks. A COMMIT that is not the file's own ends the runner's
 * transaction, so that the rest runs without one.
 */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "transaction-control": true;
  }
}

export const transactionControl = defineRule({
  name: "transaction-control",
  tier: "core",
  dialects: ["postgres"],
  why: "A BEGIN without an end keeps its locks. A COMMIT without a BEGIN ends the transaction around the file, so the rest runs without one.",
  source: "https://www.postgresql.org/docs/current/sql-begin.html",
  bad: {
    schema: orders,
    sql: "BEGIN;\nALTER TABLE orders ADD COLUMN note text;",
  },
  good: {
    schema: orders,
    sql: "BEGIN;\nALTER TABLE orders ADD COLUMN note text;\nCOMMIT;",
  },
  on: "transaction control",
  judge: (effect) => {
    return {
      message: effect.why,
      safe: { sql: ["-- leave BEGIN and COMMIT to the migration's own transaction"] },
      tables: [],
    };
  },
});
