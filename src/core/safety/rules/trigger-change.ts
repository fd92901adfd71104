/** A trigger changes what every write of running code does. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "trigger-change": true;
  }
}

export const triggerChange = defineRule({
  name: "trigger-change",
  tier: "policy",
  dialects: ["postgres"],
  why: "A trigger changes what every write of running code does.",
  source: "https://www.postgresql.org/docs/current/sql-createtrigger.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders DISABLE TRIGGER USER;",
  },
  good: {
    schema: orders,
    sql: "COMMENT ON TABLE orders IS NULL;",
  },
  on: "trigger changed",
  judge: (effect) => {
    const { table, words } = effect;
    if (!inUse(table)) return undefined;
    return {
      message: `${words} changes what writes to ${shown(table)} do`,
      tables: [shown(table)],
    };
  },
});
