/**
 * SQLite accepts some changes on an empty table only: they work in every test, and not in
 * production.
 */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "sqlite-refuses-rows": true;
  }
}

const orders = "CREATE TABLE orders (id integer PRIMARY KEY, state text);";

export const sqliteRefusesRows = defineRule({
  name: "sqlite-refuses-rows",
  tier: "core",
  dialects: ["sqlite"],
  why: "SQLite accepts the statement on an empty table and refuses it as soon as the table has a row. It works in every test, and fails in production.",
  source: "https://www.sqlite.org/lang_altertable.html#altertabaddcol",
  bad: { schema: orders, sql: "ALTER TABLE orders ADD COLUMN paid_at text NOT NULL;" },
  good: { schema: orders, sql: "ALTER TABLE orders ADD COLUMN paid_at text NOT NULL DEFAULT '';" },
  on: "rows refused",
  judge: ({ table, why }) => ({
    message: `it fails as soon as ${table} has a row: ${why}`,
    safe: {
      sql: [
        "-- give the column a constant default, or add it without NOT NULL and fill it afterwards",
      ],
    },
    tables: [table],
  }),
});
