/** A column that is NOT NULL without a default cannot be added to a table with rows, and refuses the rows of application versions that do not know it yet. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-column-required": true;
  }
}

export const addColumnRequired = defineRule({
  name: "add-column-required",
  tier: "core",
  dialects: ["postgres"],
  why: "You cannot add a NOT NULL column without a default to a table that has rows. On an empty table, running code that does not know the column fails at its next INSERT.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: `${orders}\nINSERT INTO orders (id) VALUES (1);`,
    sql: "ALTER TABLE orders ADD COLUMN currency text NOT NULL;",
  },
  good: {
    schema: `${orders}\nINSERT INTO orders (id) VALUES (1);`,
    sql: "ALTER TABLE orders ADD COLUMN currency text NOT NULL DEFAULT 'EUR';",
  },
  on: "column required",
  judge: (effect) => {
    const { table, column } = effect;
    if (!inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `${column} of ${name} is NOT NULL and has no default: rows that are there have no value for it, and neither have the rows of running application versions`,
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD COLUMN ${column} … NOT NULL DEFAULT …;  -- and the default stays, or leave NOT NULL for later`,
        ],
      },
      tables: [name],
    };
  },
});
