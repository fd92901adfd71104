/**
 * A CONCURRENTLY statement commits in between, so the server refuses it inside a transaction. It is
 * certain to fail.
 */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "concurrently-in-transaction": true;
  }
}

export const concurrentlyInTransaction = defineRule({
  name: "concurrently-in-transaction",
  tier: "core",
  dialects: ["postgres"],
  why: "A CONCURRENTLY statement commits in between, so the server refuses it inside a transaction. The statement is certain to fail.",
  source:
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
  bad: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY orders_email ON orders (email);",
    inTransaction: true,
  },
  good: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY orders_email ON orders (email);",
  },
  on: "concurrently in transaction",
  judge: (effect) => {
    const { words } = effect;
    return {
      message: `${words} cannot run inside a transaction`,
      safe: { sql: ["-- slipway: transaction=false", `${words} …;  -- in a separate file`] },
      tables: [],
    };
  },
});
