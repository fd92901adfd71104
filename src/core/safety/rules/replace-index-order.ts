/** Between the drop of the old index and the end of the new one, queries have neither and read the whole table. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "replace-index-order": true;
  }
}

export const replaceIndexOrder = defineRule({
  name: "replace-index-order",
  tier: "core",
  dialects: ["postgres"],
  why: "Between the drop of the old index and the end of the new build, queries have no index and read the whole table. Build first, then drop.",
  source: "https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
  bad: {
    schema: `${orders}\nCREATE INDEX orders_email ON orders (email);`,
    sql: "DROP INDEX CONCURRENTLY orders_email;\nCREATE INDEX CONCURRENTLY orders_email_state ON orders (email, state);",
  },
  good: {
    schema: `${orders}\nCREATE INDEX orders_email ON orders (email);`,
    sql: "CREATE INDEX CONCURRENTLY orders_email_state ON orders (email, state);\nDROP INDEX CONCURRENTLY orders_email;",
  },
  on: "index replaced late",
  judge: (effect) => {
    const { dropped, built, table } = effect;
    return {
      message: `${dropped} is gone before ${built} is built, so queries have no index in between`,
      safe: {
        sql: [
          `CREATE INDEX CONCURRENTLY ${built === dropped ? `${built}_new` : built} …;`,
          `DROP INDEX CONCURRENTLY ${dropped};`,
        ],
      },
      tables: [table],
    };
  },
});
