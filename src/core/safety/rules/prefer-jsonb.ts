/** json has no equality and no index, so that DISTINCT and GROUP BY fail; jsonb has both. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "prefer-jsonb": true;
  }
}

export const preferJsonb = defineRule({
  name: "prefer-jsonb",
  tier: "policy",
  dialects: ["postgres"],
  why: "json has no equality and no index, so DISTINCT and GROUP BY fail. jsonb has both.",
  source: "https://www.postgresql.org/docs/current/datatype-json.html",
  bad: { sql: "CREATE TABLE orders (id bigint, data json);" },
  good: { sql: "CREATE TABLE orders (id bigint, data jsonb);" },
  on: "column defined",
  judge: (effect) => {
    const { table, column } = effect;
    if (!(column.type.name === "json")) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is json, which cannot be compared or indexed`,
      safe: { sql: [`${column.name} jsonb`] },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
