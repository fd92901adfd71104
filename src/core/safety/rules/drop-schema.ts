/** Everything in the schema is gone, and application versions that still run ask for it. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-schema": true;
  }
}

export const dropSchema = defineRule({
  name: "drop-schema",
  tier: "core",
  dialects: ["postgres"],
  why: "Everything in the schema is lost, and running code that still uses it fails.",
  source: "https://www.postgresql.org/docs/current/sql-dropschema.html",
  bad: { schema: "CREATE SCHEMA archive;", sql: "DROP SCHEMA archive;" },
  good: { sql: "CREATE SCHEMA scratch;\nDROP SCHEMA scratch;" },
  on: "lost",
  judge: (effect) => {
    if (effect.what !== "schema" || !effect.older) return undefined;
    const { name } = effect;
    return {
      message: `the schema ${name} is lost, and application versions that still run ask for it`,
      safe: { sql: ["-- in a later release, when no running code names it"] },
      tables: effect.table === undefined ? [] : [shown(effect.table)],
    };
  },
});
