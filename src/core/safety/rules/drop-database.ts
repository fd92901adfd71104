/** The whole database is gone. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-database": true;
  }
}

export const dropDatabase = defineRule({
  name: "drop-database",
  tier: "core",
  dialects: ["postgres"],
  why: "The whole database is lost.",
  source: "https://www.postgresql.org/docs/current/sql-dropdatabase.html",
  bad: { sql: "DROP DATABASE shop;" },
  good: {
    schema: orders,
    sql: "COMMENT ON TABLE orders IS NULL;",
  },
  on: "lost",
  judge: (effect) => {
    if (effect.what !== "database" || !effect.older) return undefined;
    const { name } = effect;
    return {
      message: `the database ${name} is lost with everything in it`,
      safe: { sql: ["-- by hand, never in a migration"] },
      tables: effect.table === undefined ? [] : [shown(effect.table)],
    };
  },
});
