/** A setting of SQLite that is silently ignored inside a transaction. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "sqlite-pragma-in-transaction": true;
  }
}

export const sqlitePragmaInTransaction = defineRule({
  name: "sqlite-pragma-in-transaction",
  tier: "core",
  dialects: ["sqlite"],
  why: "Inside a transaction, PRAGMA foreign_keys does nothing, without a word. SQLite may then delete the rows that refer to a dropped table, or the drop fails.",
  source: "https://www.sqlite.org/pragma.html#pragma_foreign_keys",
  bad: {
    schema: `CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users);`,
    sql: `PRAGMA foreign_keys = OFF;
DROP TABLE users;`,
    inTransaction: true,
  },
  good: {
    schema: `CREATE TABLE users (id integer PRIMARY KEY);
CREATE TABLE orders (id integer PRIMARY KEY, user_id integer REFERENCES users);`,
    sql: `PRAGMA foreign_keys = OFF;
BEGIN;
CREATE TABLE new_users (id integer PRIMARY KEY, name text NOT NULL DEFAULT '');
INSERT INTO new_users (id) SELECT id FROM users;
DROP TABLE users;
ALTER TABLE new_users RENAME TO users;
PRAGMA foreign_key_check;
COMMIT;
PRAGMA foreign_keys = ON;`,
  },
  on: "pragma in transaction",
  judge: ({ pragma }) => ({
    message: `PRAGMA ${pragma} does nothing inside a transaction`,
    safe: { sql: [`PRAGMA ${pragma} = OFF; -- before BEGIN, and ON again behind COMMIT`] },
    tables: [],
  }),
});
