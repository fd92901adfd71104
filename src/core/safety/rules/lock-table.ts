/** An explicit lock keeps others out until the transaction ends. */
import { shown } from "../effects/catalog.ts";
import { blockedBy, blocksWrites } from "../effects/lock.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "lock-table": true;
  }
}

export const lockTable = defineRule({
  name: "lock-table",
  tier: "core",
  dialects: ["postgres"],
  why: "An explicit lock keeps others out until the transaction ends.",
  source: "https://www.postgresql.org/docs/current/sql-lock.html",
  bad: {
    schema: orders,
    sql: "LOCK TABLE orders;",
    inTransaction: true,
  },
  good: {
    schema: orders,
    sql: "LOCK TABLE orders IN SHARE UPDATE EXCLUSIVE MODE;",
    inTransaction: true,
  },
  on: "table locked",
  judge: (effect) => {
    const { table, mode } = effect;
    if (!blocksWrites(mode) || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `LOCK TABLE keeps ${blockedBy(mode)} of ${name} waiting`,
      lock: { mode, until: "until the transaction ends" },
      safe: { sql: ["-- leave it out: each statement takes the lock that it needs"] },
      tables: [name],
    };
  },
});
