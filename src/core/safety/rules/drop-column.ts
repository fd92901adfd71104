/** The data is gone, and application versions that still run ask for the column. */
import { shown, type Table } from "../effects/catalog.ts";
import { inDsl } from "../forms/in-dsl.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-column": true;
  }
}

export const dropColumn = defineRule({
  name: "drop-column",
  tier: "core",
  dialects: ["postgres"],
  why: "The data is lost, and running code that still uses the column fails. First release code that does not name the column, then drop it.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders DROP COLUMN state;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders DROP COLUMN note;",
  },
  on: "lost",
  judge: (effect) => {
    if (effect.what !== "column" || !effect.older) return undefined;
    const { name, table } = effect;
    return {
      message: `${name} is lost, and application versions that still run ask for it`,
      safe: {
        sql: ["-- in a later release, when no running code names it"],
        ...(table === undefined
          ? {}
          : { dsl: [inDsl("dropColumnSafely", table, { args: [columnOf(name, table)] })] }),
      },
      tables: table === undefined ? [] : [shown(table)],
    };
  },
});

/** The column of `table.column`. */
function columnOf(name: string, table: Table): string {
  return name.slice(shown(table).length + 1);
}
