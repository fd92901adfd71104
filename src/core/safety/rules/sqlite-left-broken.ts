/** A view, a trigger or a foreign key that can no longer run: SQLite accepts it, and the application fails. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "sqlite-left-broken": true;
  }
}

const schema = `CREATE TABLE orders (id integer PRIMARY KEY, state text);
CREATE TABLE audit (order_id integer);
CREATE TRIGGER order_made AFTER INSERT ON orders BEGIN INSERT INTO audit VALUES (new.id); END;`;

export const sqliteLeftBroken = defineRule({
  name: "sqlite-left-broken",
  tier: "core",
  dialects: ["sqlite"],
  why: "SQLite drops what views, triggers and foreign keys of other tables need, without a word. The next statement of your app that uses them fails.",
  source: "https://www.sqlite.org/lang_droptable.html",
  bad: { schema, sql: "DROP TABLE audit;" },
  good: { schema, sql: "DROP TRIGGER order_made;\nDROP TABLE audit;" },
  on: "left broken",
  judge: ({ what, why, tables }) => ({
    message: `${what} cannot be used any more: ${why}`,
    safe: { sql: [`-- drop or change ${what} in the same migration`] },
    tables,
  }),
});
