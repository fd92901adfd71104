/** A limit in the type is changed by a type change; a CHECK does the same and is changed without one. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "prefer-text": true;
  }
}

export const preferText = defineRule({
  name: "prefer-text",
  tier: "policy",
  dialects: ["postgres"],
  why: "To change a limit in the type, you change the type. To change a limit in a CHECK, you change only the CHECK.",
  source: "https://www.postgresql.org/docs/current/datatype-character.html",
  bad: { sql: "CREATE TABLE orders (id bigint, name varchar(50));" },
  good: { sql: "CREATE TABLE orders (id bigint, name text CHECK (length(name) <= 50));" },
  on: "column defined",
  judge: (effect) => {
    const { table, column, written } = effect;
    if (!(column.type.name === "varchar" && column.type.modifiers.length > 0)) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is ${written}, whose limit is changed only by a change of type`,
      safe: {
        sql: [`${column.name} text CHECK (length(${column.name}) <= ${column.type.modifiers[0]})`],
      },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
