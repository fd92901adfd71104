/** A change that MySQL and MariaDB can only make by a copy of the table, while nobody writes. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "mysql-copy-blocks-writes": true;
  }
}

export const mysqlCopyBlocksWrites = defineRule({
  name: "mysql-copy-blocks-writes",
  tier: "core",
  dialects: ["mysql"],
  why: "The server copies the whole table, and writers wait until it has finished. MariaDB 11.2 and newer can do most of it while others write.",
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
  bad: {
    schema: `CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, KEY (user_id));`,
    sql: `ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey
  FOREIGN KEY (user_id) REFERENCES users (id);`,
  },
  good: {
    schema: `CREATE TABLE users (id bigint PRIMARY KEY);
CREATE TABLE orders (id bigint PRIMARY KEY, user_id bigint, KEY (user_id));`,
    sql: `-- Old rows are not checked: look first for those without a parent.
SET SESSION foreign_key_checks = 0;
ALTER TABLE orders ADD CONSTRAINT orders_user_id_fkey
  FOREIGN KEY (user_id) REFERENCES users (id);`,
  },
  on: "mysql change",
  judge: ({ way, table, what, only }) =>
    way !== "copy" || only !== undefined
      ? undefined
      : {
          message: `${what} makes the server copy the table while nobody can write to it`,
          safe: { sql: safe(what) },
          tables: [table],
        },
});

function safe(what: string): readonly string[] {
  return what.startsWith("a foreign key")
    ? ["SET SESSION foreign_key_checks = 0; -- then old rows are not checked: look at them first"]
    : [
        "-- add a new column or table beside the old one, fill it by a backfill, and change over;",
        "-- or let gh-ost or pt-online-schema-change copy beside the writers",
      ];
}
