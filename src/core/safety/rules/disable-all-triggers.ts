/** DISABLE TRIGGER ALL also switches off the triggers that keep foreign keys true, for everybody, until somebody switches them on. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "disable-all-triggers": true;
  }
}

export const disableAllTriggers = defineRule({
  name: "disable-all-triggers",
  tier: "core",
  dialects: ["postgres"],
  why: "DISABLE TRIGGER ALL also switches off the triggers that check foreign keys, for everybody, until you switch them on again.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-DISABLE-ENABLE-TRIGGER",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders DISABLE TRIGGER ALL;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders DISABLE TRIGGER USER;",
  },
  on: "triggers disabled",
  judge: (effect) => {
    if (!inUse(effect.table)) return undefined;
    const name = shown(effect.table);
    return {
      message: `the foreign keys of ${name} hold for nobody until its triggers are enabled again`,
      safe: { sql: [`ALTER TABLE ${name} DISABLE TRIGGER USER;  -- or the one trigger, by name`] },
      tables: [name],
    };
  },
});
