/** A timestamp without a time zone means another moment in every session; timestamptz is a moment. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "prefer-timestamptz": true;
  }
}

export const preferTimestamptz = defineRule({
  name: "prefer-timestamptz",
  tier: "policy",
  dialects: ["postgres"],
  why: "A timestamp without a time zone means another moment in every session. A timestamptz always means the same moment.",
  source: "https://www.postgresql.org/docs/current/datatype-datetime.html",
  bad: { sql: "CREATE TABLE orders (id bigint, at timestamp);" },
  good: { sql: "CREATE TABLE orders (id bigint, at timestamptz);" },
  on: "column defined",
  judge: (effect) => {
    const { table, column } = effect;
    if (!(column.type.name === "timestamp")) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is a timestamp without a time zone`,
      safe: { sql: [`${column.name} timestamptz`] },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
