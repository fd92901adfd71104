/** A statement that waits for a strong lock keeps all who come after it waiting too, for as long as it waits. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "missing-lock-timeout": true;
  }
}

export const missingLockTimeout = defineRule({
  name: "missing-lock-timeout",
  tier: "policy",
  dialects: ["postgres"],
  why: "A statement that waits for a strong lock keeps all who come after it waiting too, for as long as it waits.",
  source: "https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-LOCK-TIMEOUT",
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
    if (setting !== "lock_timeout") return undefined;
    const name = shown(table);
    return {
      message: `it takes a strong lock on ${name} and no lock_timeout is set`,
      safe: { sql: ["SET lock_timeout = '1s';  -- Slipway sets it by itself for each statement"] },
      tables: [name],
    };
  },
});
