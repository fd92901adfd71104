/** Each ALTER TABLE waits for its lock anew; several in one statement wait once. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "combine-alter-tables": true;
  }
}

export const combineAlterTables = defineRule({
  name: "combine-alter-tables",
  tier: "policy",
  dialects: ["postgres"],
  why: "Each ALTER TABLE waits for its lock again. Several changes in one statement wait once.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders ADD COLUMN remark text;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text, ADD COLUMN remark text;",
  },
  on: "altered again",
  judge: (effect) => {
    const name = shown(effect.table);
    return {
      message: `${name} is altered again right behind another ALTER TABLE`,
      safe: { sql: [`ALTER TABLE ${name} …, …;`] },
      tables: [name],
    };
  },
});
