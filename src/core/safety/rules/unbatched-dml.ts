/** One statement over all rows keeps every row that it has touched locked until the end, and leaves as many dead rows behind. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "unbatched-dml": true;
  }
}

export const unbatchedDml = defineRule({
  name: "unbatched-dml",
  tier: "core",
  dialects: ["postgres"],
  why: "One statement over all rows keeps every row that it touched locked until the end, and leaves as many dead rows behind. Change rows in batches, with a data migration.",
  source: "https://www.postgresql.org/docs/current/routine-vacuuming.html",
  bad: {
    schema: orders,
    sql: "UPDATE orders SET state = 'open';",
  },
  good: {
    schema: orders,
    sql: "UPDATE orders SET state = 'open' WHERE id IN (SELECT id FROM orders WHERE state IS NULL LIMIT 1000);",
  },
  on: "rows changed",
  judge: (effect) => {
    const { verb, table, bounded } = effect;
    if (bounded || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `${verb} can touch every row of ${name}, and keeps what it has touched locked until it ends`,
      lock: {
        mode: "ROW EXCLUSIVE",
        until: "until the last row is done; other writers of the same rows wait",
      },
      safe: {
        sql: [
          `${verb} … WHERE id IN (SELECT id FROM ${name} WHERE … LIMIT 1000);  -- in a data migration, batch by batch`,
        ],
      },
      tables: [name],
    };
  },
});
