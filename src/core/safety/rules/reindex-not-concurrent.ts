/** REINDEX keeps writers of the table waiting, and readers of the index too, until it is built anew. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "reindex-not-concurrent": true;
  }
}

export const reindexNotConcurrent = defineRule({
  name: "reindex-not-concurrent",
  tier: "core",
  dialects: ["postgres"],
  why: "During REINDEX, writers of the table wait, and so do readers of the index. Since PostgreSQL 12, CONCURRENTLY builds a second index while they work.",
  source: "https://www.postgresql.org/docs/current/sql-reindex.html#SQL-REINDEX-CONCURRENTLY",
  bad: {
    schema: orders,
    sql: "REINDEX TABLE orders;",
  },
  good: {
    schema: orders,
    sql: "REINDEX TABLE CONCURRENTLY orders;",
  },
  on: "index rebuilt",
  judge: (effect) => {
    const { what, concurrently, hasForm } = effect;
    if (concurrently) return undefined;
    return {
      message: `REINDEX ${what} keeps writers waiting until the indexes are built anew`,
      lock: { mode: "SHARE", until: "until every index is built" },
      ...(hasForm ? { safe: { form: "concurrently" as const } } : {}),
      tables: [],
    };
  },
});
