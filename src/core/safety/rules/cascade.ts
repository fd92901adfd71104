/** CASCADE takes along whatever depends on the object, also what nobody thought of, and locks all of it. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    cascade: true;
  }
}

export const cascade = defineRule({
  name: "cascade",
  tier: "core",
  dialects: ["postgres"],
  why: "CASCADE also drops everything that depends on the object, even what you did not think of, and locks all of it. Name each thing that you want to drop.",
  source: "https://www.postgresql.org/docs/current/ddl-depend.html",
  bad: {
    schema: `${orders}\nCREATE VIEW open_orders AS SELECT id FROM orders;`,
    sql: "DROP VIEW open_orders CASCADE;",
  },
  good: {
    schema: `${orders}\nCREATE VIEW open_orders AS SELECT id FROM orders;`,
    sql: "DROP VIEW open_orders;",
  },
  on: "cascade",
  judge: (effect) => {
    const { what, older, tables } = effect;
    if (!older) return undefined;
    return {
      message: `${what} CASCADE takes along everything that depends on it`,
      safe: { sql: [`${what};  -- and before it what depends on it, by name`] },
      tables,
    };
  },
});
