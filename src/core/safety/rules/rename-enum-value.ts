/** Application versions that still run write and read the value by its old name. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "rename-enum-value": true;
  }
}

export const renameEnumValue = defineRule({
  name: "rename-enum-value",
  tier: "core",
  dialects: ["postgres"],
  why: "Running code still writes and expects the old name of the value.",
  source: "https://www.postgresql.org/docs/current/sql-altertype.html",
  bad: {
    schema: "CREATE TYPE state AS ENUM ('open', 'done');",
    sql: "ALTER TYPE state RENAME VALUE 'done' TO 'closed';",
  },
  good: {
    schema: "CREATE TYPE state AS ENUM ('open', 'done');",
    sql: "ALTER TYPE state ADD VALUE 'closed';",
  },
  on: "renamed",
  judge: (effect) => {
    if (effect.what !== "enum value") return undefined;
    const { from, to, table, older } = effect;
    if (!older) return undefined;
    const name = table === undefined ? "" : shown(table);
    return {
      message: `application versions that still run know ${from} and not ${to}${name}`,
      safe: {
        sql: [`ALTER TYPE … ADD VALUE '${to}';  -- write the new one, change the rows in batches`],
      },
      tables: table === undefined ? [] : [name],
    };
  },
});
