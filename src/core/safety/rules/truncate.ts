/** TRUNCATE takes every row away, locks the table against everybody, and cannot be seen by snapshots that are older. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    truncate: true;
  }
}

export const truncate = defineRule({
  name: "truncate",
  tier: "core",
  dialects: ["postgres"],
  why: "TRUNCATE removes every row and locks the table against everybody. Older snapshots see an empty table too.",
  source: "https://www.postgresql.org/docs/current/sql-truncate.html",
  bad: {
    schema: orders,
    sql: "TRUNCATE orders;",
  },
  good: { sql: "CREATE TABLE scratch (id bigint);\nTRUNCATE scratch;" },
  on: "lost",
  judge: (effect) => {
    if (effect.what !== "rows" || !effect.older) return undefined;
    const { name } = effect;
    return {
      message: `all rows of ${name} are lost`,
      safe: { sql: ["-- a data migration that deletes in batches, if the rows are to go"] },
      tables: effect.table === undefined ? [] : [shown(effect.table)],
    };
  },
});
