/** Without BEFORE or AFTER a value comes last, and comparisons with < go by that order. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "enum-ordering": true;
  }
}

export const enumOrdering = defineRule({
  name: "enum-ordering",
  tier: "policy",
  dialects: ["postgres"],
  why: "Without BEFORE or AFTER, the new value comes last, and comparisons with < use that order.",
  source: "https://www.postgresql.org/docs/current/sql-altertype.html",
  bad: {
    schema: "CREATE TYPE state AS ENUM ('open', 'done');",
    sql: "ALTER TYPE state ADD VALUE 'paid';",
  },
  good: {
    schema: "CREATE TYPE state AS ENUM ('open', 'done');",
    sql: "ALTER TYPE state ADD VALUE 'paid' BEFORE 'done';",
  },
  on: "enum value placed",
  judge: (effect) => {
    const { name, value, placed } = effect;
    if (placed) return undefined;
    return {
      message: `${value} of ${name} says neither BEFORE nor AFTER, so it comes last`,
      safe: { sql: [`ALTER TYPE ${name} ADD VALUE '${value}' AFTER '…';`] },
      tables: [],
    };
  },
});
