/** An integer key ends at 2147483647, and to widen it later rewrites the table. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "prefer-bigint-key": true;
  }
}

export const preferBigintKey = defineRule({
  name: "prefer-bigint-key",
  tier: "policy",
  dialects: ["postgres"],
  why: "An integer key ends at 2147483647, and widening it later rewrites the table.",
  source: "https://www.postgresql.org/docs/current/datatype-numeric.html",
  bad: { sql: "CREATE TABLE orders (id integer PRIMARY KEY);" },
  good: { sql: "CREATE TABLE orders (id bigint PRIMARY KEY);" },
  on: "column defined",
  judge: (effect) => {
    const { table, column, isKey } = effect;
    if (!(isKey && /^int[24]$/.test(column.type.name))) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is a key that ends at ${column.type.name === "int2" ? "32767" : "2147483647"}`,
      safe: { sql: [`${column.name} bigint`] },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
