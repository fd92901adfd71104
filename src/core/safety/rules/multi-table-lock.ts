/** While a transaction waits for its second table, the users of the first one wait with it; two such transactions can also lock each other out. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "multi-table-lock": true;
  }
}

export const multiTableLock = defineRule({
  name: "multi-table-lock",
  tier: "core",
  dialects: ["postgres"],
  why: "While a transaction waits for its second table, the users of the first table wait too. Two such transactions can also deadlock.",
  source: "https://www.postgresql.org/docs/current/explicit-locking.html#LOCKING-DEADLOCKS",
  bad: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE customers ADD COLUMN note text;",
    inTransaction: true,
  },
  good: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE customers ADD COLUMN note text;",
  },
  on: "tables locked",
  judge: (effect) => {
    const names = effect.tables.map(shown);
    return {
      message: `${together(names)} are locked in one transaction: the users of the first wait for those of the ${names.length > 2 ? "others" : "second"}`,
      safe: { sql: ["-- one table in one migration"] },
      tables: names,
    };
  },
});

function together(names: readonly string[]): string {
  if (names.length > 4) return `${names.slice(0, 3).join(", ")} and ${names.length - 3} more`;
  return `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
