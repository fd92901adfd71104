/** Running code may rely on a value being there. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-not-null": true;
  }
}

export const dropNotNull = defineRule({
  name: "drop-not-null",
  tier: "policy",
  dialects: ["postgres"],
  why: "Running code may rely on the value being there.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint, state text NOT NULL);",
    sql: "ALTER TABLE orders ALTER COLUMN state DROP NOT NULL;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint, state text NOT NULL);",
    sql: "ALTER TABLE orders ALTER COLUMN state SET DEFAULT 'open';",
  },
  on: "not null dropped",
  judge: (effect) => {
    const { table, column } = effect;
    if (!inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `${column} of ${name} may be NULL from now on, which running code may not expect`,
      safe: { sql: ["-- in a later release, when all code that reads it expects NULL"] },
      tables: [name],
    };
  },
});
