/** The search path of the person who runs it decides which table it means. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "schema-qualified": true;
  }
}

export const schemaQualified = defineRule({
  name: "schema-qualified",
  tier: "policy",
  dialects: ["postgres"],
  why: "The search path of the role that runs the file decides which table you mean.",
  source: "https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATH",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE public.orders ADD COLUMN note text;",
  },
  on: "unqualified",
  judge: (effect) => {
    const { name } = effect;
    return {
      message: `${name} does not say its schema`,
      safe: { sql: [`public.${name}`] },
      tables: [name],
    };
  },
});
