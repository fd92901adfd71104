/** Application versions that still run ask for the schema by its old name. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "rename-schema": true;
  }
}

export const renameSchema = defineRule({
  name: "rename-schema",
  tier: "core",
  dialects: ["postgres"],
  why: "Running code that uses the old name of the schema fails.",
  source: "https://www.postgresql.org/docs/current/sql-alterschema.html",
  bad: { schema: "CREATE SCHEMA archive;", sql: "ALTER SCHEMA archive RENAME TO history;" },
  good: { sql: "CREATE SCHEMA history;" },
  on: "renamed",
  judge: (effect) => {
    if (effect.what !== "schema") return undefined;
    const { from, to, table, older } = effect;
    if (!older) return undefined;
    const name = table === undefined ? "" : shown(table);
    return {
      message: `application versions that still run ask for the schema ${from}, which is called ${to} now${name}`,
      safe: {
        sql: [`CREATE SCHEMA ${to};  -- and views in it, until no running code names ${from}`],
      },
      tables: table === undefined ? [] : [name],
    };
  },
});
