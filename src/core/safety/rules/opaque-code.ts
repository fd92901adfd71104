/** Nobody can check SQL beforehand that code puts together as it runs. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "opaque-code": true;
  }
}

export const opaqueCode = defineRule({
  name: "opaque-code",
  tier: "policy",
  dialects: ["postgres"],
  why: "Nobody can check SQL beforehand that code puts together as it runs.",
  source: "https://www.postgresql.org/docs/current/sql-do.html",
  bad: { sql: "DO $$ BEGIN NULL; END $$;" },
  good: { sql: "SELECT 1;" },
  on: "opaque code",
  judge: (effect) => {
    return {
      message: `${effect.words} runs code, of which only what is written out is judged`,
      tables: [],
    };
  },
});
