/** The statement is certain to fail on this schema, half way through a deploy. */

import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "will-fail": true;
  }
}

export const willFail = defineRule({
  name: "will-fail",
  tier: "core",
  dialects: ["postgres", "sqlite", "mysql"],
  why: "On this schema the statement is certain to fail, in the middle of a deploy.",
  source: "https://www.postgresql.org/docs/current/ddl-depend.html",
  bad: {
    schema: `${orders}\nCREATE VIEW open_orders AS SELECT id, state FROM orders;`,
    sql: "ALTER TABLE orders DROP COLUMN state;",
  },
  good: {
    schema: `${orders}\nCREATE VIEW open_orders AS SELECT id, state FROM orders;`,
    sql: "DROP VIEW open_orders;",
  },
  on: "fails",
  judge: (effect) => {
    const { why, safe, source } = effect;
    return {
      ...(source === undefined ? {} : { source }),
      message: `it is certain to fail: ${why}`,
      ...(safe === undefined ? {} : { safe: "form" in safe ? safe : { sql: safe } }),
      tables: [],
    };
  },
});
