/** A value can never be taken out of an enum again, and a new one cannot be used in the transaction that adds it. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "create-enum": true;
  }
}

export const createEnum = defineRule({
  name: "create-enum",
  tier: "policy",
  dialects: ["postgres"],
  why: "You can never remove a value from an enum, and you cannot use a new value in the transaction that adds it. You can change a CHECK or a table of values freely.",
  source: "https://www.postgresql.org/docs/current/datatype-enum.html",
  bad: { sql: "CREATE TYPE state AS ENUM ('open', 'done');" },
  good: { sql: "CREATE TABLE orders (id bigint, state text CHECK (state IN ('open', 'done')));" },
  on: "enum created",
  judge: (effect) => {
    return {
      message: `${effect.name} is an enum, whose values can never be taken out again`,
      safe: { sql: ["… text CHECK (… IN (…))"] },
      tables: [],
    };
  },
});
