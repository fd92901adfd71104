/** Application versions that still run ask for the column by its old name. */
import { shown } from "../effects/catalog.ts";
import { inDsl } from "../forms/in-dsl.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "rename-column": true;
  }
}

export const renameColumn = defineRule({
  name: "rename-column",
  tier: "core",
  dialects: ["postgres"],
  why: "Running code that uses the old name of the column fails.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders RENAME COLUMN email TO contact;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN contact text;",
  },
  on: "renamed",
  judge: (effect) => {
    if (effect.what !== "column") return undefined;
    const { from, to, table, older } = effect;
    if (!older) return undefined;
    const name = table === undefined ? "" : shown(table);
    return {
      message: `application versions that still run ask ${name} for ${from}, which is called ${to} now`,
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD COLUMN ${to} …;  -- write both, copy in batches, read the new one, then drop ${from}`,
        ],
        ...(table === undefined
          ? {}
          : { dsl: [inDsl("renameColumnSafely", table, { args: [from], options: { to } })] }),
      },
      tables: table === undefined ? [] : [name],
    };
  },
});
