/** Work that lasts as long as a table has rows, under the one write lock that a SQLite database has. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "sqlite-long-write-lock": true;
  }
}

const schema = "CREATE TABLE orders (id integer PRIMARY KEY, state text, note text);";

export const sqliteLongWriteLock = defineRule({
  name: "sqlite-long-write-lock",
  tier: "policy",
  dialects: ["sqlite"],
  why: "SQLite has one write lock for the whole database. While a statement reads or writes a whole table, nobody writes to any table, and writers give up when their busy timeout is over.",
  source: "https://www.sqlite.org/lockingv3.html",
  bad: { schema, sql: "ALTER TABLE orders DROP COLUMN note;" },
  good: { schema, sql: "ALTER TABLE orders RENAME COLUMN note TO remark;" },
  on: "write lock held",
  judge: ({ way, table, what }) => ({
    message: `${what} ${way === "reads" ? "reads" : "reads and writes"} as long as there are rows, and nobody else writes to the database meanwhile`,
    safe: {
      sql: [
        "-- run it when few write, with a busy timeout that outlasts it; change rows in batches",
      ],
    },
    tables: [table],
  }),
});
