/** With foreign keys on, a dropped table takes rows of other tables with it. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "sqlite-drop-deletes-rows": true;
  }
}

const schema = `CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users ON DELETE CASCADE);`;

export const sqliteDropDeletesRows = defineRule({
  name: "sqlite-drop-deletes-rows",
  tier: "core",
  dialects: ["sqlite"],
  why: "With foreign keys on, SQLite deletes the rows of a table before it drops it, and carries out ON DELETE. So if you rebuild a table by hand, the tables that refer to it lose their rows.",
  source: "https://www.sqlite.org/foreignkeys.html#fk_schemacommands",
  bad: {
    schema,
    sql: `CREATE TABLE new_users (id integer PRIMARY KEY, name text);
INSERT INTO new_users (id) SELECT id FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;`,
  },
  good: {
    schema,
    sql: `PRAGMA foreign_keys = OFF;
CREATE TABLE new_users (id integer PRIMARY KEY, name text);
INSERT INTO new_users (id) SELECT id FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
PRAGMA foreign_keys = ON;`,
  },
  on: "rows dropped along",
  judge: ({ table, rows }) => ({
    message: `DROP TABLE ${table} carries out ON DELETE first: ${rows
      .map((one) => `rows of ${one.table} are ${one.fate}`)
      .join(", ")}`,
    safe: { sql: ["PRAGMA foreign_keys = OFF; -- before the transaction, and ON again behind it"] },
    tables: [table, ...rows.map((one) => one.table)],
  }),
});
