/** A column whose value must be computed for each row makes the server write the whole table and all its indexes anew, while nobody can read or write it. */
import { shown } from "../effects/catalog.ts";
import { typeWords } from "../effects/types.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-column-rewrite": true;
  }
}

export const addColumnRewrite = defineRule({
  name: "add-column-rewrite",
  tier: "core",
  dialects: ["postgres"],
  why: "If each row needs its own value, PostgreSQL rewrites the whole table and all its indexes while nobody can read or write it.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN token double precision DEFAULT random();",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN token double precision;\nALTER TABLE orders ALTER COLUMN token SET DEFAULT random();",
  },
  on: "column added",
  judge: (effect) => {
    const { table, column, rewrite } = effect;
    if (rewrite === undefined || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `adding ${column.name} writes all of ${name} anew, because ${rewrite}`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the table and its indexes are written" },
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD COLUMN ${column.name} ${typeWords(column.type)};`,
          `ALTER TABLE ${name} ALTER COLUMN ${column.name} SET DEFAULT …;`,
          `-- then fill the old rows in batches, with a data migration`,
        ],
      },
      tables: [name],
    };
  },
});
