/** The server cannot read the statement. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "syntax-error": true;
  }
}

export const syntaxError = defineRule({
  name: "syntax-error",
  tier: "core",
  dialects: ["postgres"],
  why: "The server cannot read the statement.",
  source: "https://www.postgresql.org/docs/current/sql-commands.html",
  bad: { sql: "CREATE TABEL orders (id bigint);" },
  good: { sql: "CREATE TABLE orders (id bigint);" },
  on: "unparsable",
  judge: (effect) => {
    return { message: `it does not parse: ${effect.why}`, tables: [] };
  },
});
