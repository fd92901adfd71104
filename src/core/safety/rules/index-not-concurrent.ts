/** A plain CREATE INDEX keeps all writers of the table waiting until the whole index is built. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "index-not-concurrent": true;
  }
}

export const indexNotConcurrent = defineRule({
  name: "index-not-concurrent",
  tier: "core",
  dialects: ["postgres"],
  why: "During a plain CREATE INDEX, all writers of the table wait until the whole index is built. CONCURRENTLY builds it while they write.",
  source:
    "https://www.postgresql.org/docs/current/sql-createindex.html#SQL-CREATEINDEX-CONCURRENTLY",
  bad: {
    schema: orders,
    sql: "CREATE INDEX orders_email ON orders (email);",
  },
  good: {
    schema: orders,
    sql: "CREATE INDEX CONCURRENTLY orders_email ON orders (email);",
  },
  on: "index built",
  judge: (effect) => {
    const { table, index, concurrently, only, partitions } = effect;
    if (concurrently || !inUse(table) || only) return undefined;
    const name = shown(table);
    return {
      message: `writes to ${name} wait until the index ${index} is built`,
      lock: { mode: "SHARE", until: "until every row is in the index" },
      safe:
        table.partitionBy === undefined
          ? { form: "concurrently" }
          : partitions && { form: "partition by partition", index, partitions },
      tables: [name],
    };
  },
});
