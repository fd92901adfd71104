/** DROP INDEX locks the table against reads and writes, and waits for every query that uses it. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-index-not-concurrent": true;
  }
}

export const dropIndexNotConcurrent = defineRule({
  name: "drop-index-not-concurrent",
  tier: "core",
  dialects: ["postgres"],
  why: "DROP INDEX locks the table against reads and writes, and waits for every query that uses it. CONCURRENTLY waits while others work.",
  source: "https://www.postgresql.org/docs/current/sql-dropindex.html",
  bad: {
    schema: `${orders}\nCREATE INDEX orders_email ON orders (email);`,
    sql: "DROP INDEX orders_email;",
  },
  good: {
    schema: `${orders}\nCREATE INDEX orders_email ON orders (email);`,
    sql: "DROP INDEX CONCURRENTLY orders_email;",
  },
  on: "index dropped",
  judge: (effect) => {
    const { table, index, concurrently } = effect;
    if (concurrently || (table !== undefined && !inUse(table))) return undefined;
    const name = table === undefined ? "its table" : shown(table);
    return {
      message: `everybody who uses ${name} waits while ${index} is dropped, and behind every query that runs before it`,
      lock: {
        mode: "ACCESS EXCLUSIVE",
        until: "for a moment, once the running queries have ended",
      },
      safe: { form: "concurrently", drops: { index, table } },
      tables: table === undefined ? [] : [name],
    };
  },
});
