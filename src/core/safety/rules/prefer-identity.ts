/** A serial leaves the rights and the ownership of its sequence to be managed apart; an identity column is standard SQL and manages them itself. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "prefer-identity": true;
  }
}

export const preferIdentity = defineRule({
  name: "prefer-identity",
  tier: "policy",
  dialects: ["postgres"],
  why: "With a serial you manage the rights and the owner of its sequence separately. An identity column is standard SQL and manages them for you.",
  source: "https://www.postgresql.org/docs/current/ddl-identity-columns.html",
  bad: { sql: "CREATE TABLE orders (id bigserial);" },
  good: { sql: "CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY);" },
  on: "column defined",
  judge: (effect) => {
    const { table, column, written } = effect;
    if (!/serial/.test(written)) return undefined;
    const name = table === undefined ? "" : `${shown(table)}.`;
    return {
      message: `${name}${column.name} is a ${written}, whose sequence has its own rights`,
      safe: { sql: [`${column.name} bigint GENERATED ALWAYS AS IDENTITY`] },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});
