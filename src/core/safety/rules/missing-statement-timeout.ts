/** A statement that holds a strong lock for longer than was thought is not ended by anybody. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "missing-statement-timeout": true;
  }
}

export const missingStatementTimeout = defineRule({
  name: "missing-statement-timeout",
  tier: "policy",
  dialects: ["postgres"],
  why: "A statement that holds a strong lock for longer than was thought is not ended by anybody.",
  source:
    "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-STATEMENT-TIMEOUT",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "ALTER TABLE orders ADD COLUMN note text;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "SET lock_timeout = '1s';\nSET statement_timeout = '5s';\nALTER TABLE orders ADD COLUMN note text;",
  },
  on: "timeout missing",
  judge: (effect) => {
    const { setting, table } = effect;
    if (setting !== "statement_timeout") return undefined;
    const name = shown(table);
    return {
      message: `it takes a strong lock on ${name} and no statement_timeout is set`,
      safe: {
        sql: ["SET statement_timeout = '5s';  -- Slipway sets it by itself for each statement"],
      },
      tables: [name],
    };
  },
});
