/** A concurrent build that fails leaves an INVALID index, and IF NOT EXISTS is content with it: the second try reports success over an index that no query uses. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "invalid-index-retry": true;
  }
}

export const invalidIndexRetry = defineRule({
  name: "invalid-index-retry",
  tier: "policy",
  dialects: ["postgres"],
  why: "If a concurrent build fails, an INVALID index stays behind. IF NOT EXISTS accepts it, so the second try reports success, but no query uses the index.",
  source:
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
  bad: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY IF NOT EXISTS orders_email ON orders (email);",
  },
  good: {
    schema: orders,
    sql: "DROP INDEX CONCURRENTLY IF EXISTS orders_email;\nCREATE INDEX CONCURRENTLY orders_email ON orders (email);",
  },
  on: "invalid index kept",
  judge: (effect) => {
    const { index } = effect;
    return {
      message: `IF NOT EXISTS is content with an INVALID ${index} that a failed build has left`,
      safe: {
        sql: [
          `DROP INDEX CONCURRENTLY IF EXISTS ${index};`,
          `CREATE INDEX CONCURRENTLY ${index} …;`,
        ],
      },
      tables: [],
    };
  },
});
