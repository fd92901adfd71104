/** A lock is held until its transaction ends. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "work-after-exclusive-lock": true;
  }
}

export const workAfterExclusiveLock = defineRule({
  name: "work-after-exclusive-lock",
  tier: "core",
  dialects: ["postgres"],
  why: "A lock lasts until its transaction ends. So others wait for all long work after it, on any table.",
  source: "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-TABLES",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX orders_state ON orders (state);",
    inTransaction: true,
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nCREATE INDEX CONCURRENTLY orders_state ON orders (state);",
  },
  on: "work under lock",
  judge: (effect) => {
    const { words, held, mode } = effect;
    const name = shown(held);
    return {
      message: `it ${words} while an earlier statement of the transaction still locks ${name}`,
      lock: { mode, until: "until the transaction ends" },
      safe: { sql: ["-- put it into a separate migration, after this one"] },
      tables: [name],
    };
  },
});
