/** Application versions that still run ask for the table by its old name, unless a view has that name from the same transaction on. */
import { shown } from "../effects/catalog.ts";
import { inDsl } from "../forms/in-dsl.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "rename-table": true;
  }
}

export const renameTable = defineRule({
  name: "rename-table",
  tier: "core",
  dialects: ["postgres"],
  why: "Running code that uses the old name of the table fails, unless the same transaction creates a view with that name.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders RENAME TO purchases;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders RENAME TO purchases;\nCREATE VIEW orders AS SELECT * FROM purchases;",
    inTransaction: true,
  },
  on: "renamed",
  judge: (effect) => {
    if (effect.what !== "table" && effect.what !== "view" && effect.what !== "materialized view")
      return undefined;
    const { from, to, table, older } = effect;
    if (!older) return undefined;
    const name = table === undefined ? "" : shown(table);
    return {
      message: `application versions that still run ask for ${from}, which is called ${to} now`,
      safe: {
        sql: [
          `BEGIN;`,
          `ALTER TABLE ${from} RENAME TO ${to};`,
          `CREATE VIEW ${from} AS SELECT * FROM ${to};`,
          `COMMIT;`,
        ],
        ...(effect.what === "table" && table?.schema === "public"
          ? { dsl: [inDsl("renameTableSafely", { ...table, name: from }, { options: { to } })] }
          : {}),
      },
      tables: table === undefined ? [] : [name],
    };
  },
});
