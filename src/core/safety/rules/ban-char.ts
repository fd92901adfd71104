/** char(n) is filled up with blanks, which count in some places and not in others; it is neither smaller nor faster than text. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "ban-char": true;
  }
}

export const banChar = defineRule({
  name: "ban-char",
  tier: "policy",
  dialects: ["postgres"],
  why: "PostgreSQL pads char(n) with blanks, which count in some places and not in others. It is neither smaller nor faster than text.",
  source: "https://www.postgresql.org/docs/current/datatype-character.html",
  bad: { sql: "CREATE TABLE orders (id bigint, code char(5));" },
  good: { sql: "CREATE TABLE orders (id bigint, code text);" },
  on: "column defined",
  judge: (effect) => {
    const { table, column, written } = effect;
    if (!(column.type.name === "bpchar")) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is ${written}, which is filled up with blanks`,
      safe: { sql: [`${column.name} text`] },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
