/** The data is gone, and application versions that still run ask for the table. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-table": true;
  }
}

export const dropTable = defineRule({
  name: "drop-table",
  tier: "core",
  dialects: ["postgres"],
  why: "The data is lost, and running code that still uses the table fails. First release code that does not name the table, then drop it.",
  source: "https://www.postgresql.org/docs/current/sql-droptable.html",
  bad: {
    schema: orders,
    sql: "DROP TABLE orders;",
  },
  good: { sql: "CREATE TABLE scratch (id bigint);\nDROP TABLE scratch;" },
  on: "lost",
  judge: (effect) => {
    if (effect.what !== "table" || !effect.older) return undefined;
    const { name } = effect;
    return {
      message: `${name} is lost with all its rows, and application versions that still run ask for it`,
      safe: { sql: ["-- in a later release, when no running code names it"] },
      tables: effect.table === undefined ? [] : [shown(effect.table)],
    };
  },
});
