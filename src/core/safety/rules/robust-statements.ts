/** Outside of a transaction a file that failed half way is run again from its start, and then meets what it has already done. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "robust-statements": true;
  }
}

export const robustStatements = defineRule({
  name: "robust-statements",
  tier: "policy",
  dialects: ["postgres"],
  why: "If a file without a transaction fails half-way, you run it again from its start, and it meets what it has already done.",
  source: "https://www.postgresql.org/docs/current/sql-createtable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN IF NOT EXISTS note text;",
  },
  on: "not repeatable",
  judge: (effect) => {
    const { words, fix } = effect;
    return {
      message: `${words} fails when it is run again`,
      safe: { sql: [`${words} ${fix} …`] },
      tables: [],
    };
  },
});
