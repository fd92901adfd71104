/** An index over many columns is large, slows every write and is used only by queries that name its first columns. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "wide-index": true;
  }
}

export const wideIndex = defineRule({
  name: "wide-index",
  tier: "policy",
  dialects: ["postgres"],
  why: "An index over many columns is large and slows every write. Only queries that name its first columns use it.",
  source: "https://www.postgresql.org/docs/current/indexes-multicolumn.html",
  bad: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY orders_wide ON orders (state, email, amount, customer_id);",
  },
  good: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY orders_state ON orders (state, email);",
  },
  on: "index built",
  judge: (effect) => {
    const { table, index, columns, unique } = effect;
    if (unique || columns.length <= 3) return undefined;
    return {
      message: `${index} has ${columns.length} columns`,
      safe: { sql: ["-- an index of the one to three columns that tell rows apart best"] },
      tables: [shown(table)],
    };
  },
});
