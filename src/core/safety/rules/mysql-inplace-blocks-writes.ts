/** A change that MySQL and MariaDB make in place, but only while nobody writes. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "mysql-inplace-blocks-writes": true;
  }
}

export const mysqlInplaceBlocksWrites = defineRule({
  name: "mysql-inplace-blocks-writes",
  tier: "core",
  dialects: ["mysql"],
  why: "The server changes the table in place, but writers wait until it has finished.",
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
  bad: {
    schema: "CREATE TABLE posts (id bigint PRIMARY KEY, body text);",
    sql: "CREATE FULLTEXT INDEX posts_body ON posts (body);",
  },
  good: {
    schema: "CREATE TABLE posts (id bigint PRIMARY KEY, body text);",
    sql: `-- Filled by a backfill, and by the application from then on.
CREATE TABLE post_texts (post_id bigint PRIMARY KEY, body text, FULLTEXT KEY (body));`,
  },
  on: "mysql change",
  judge: ({ way, table, what }) =>
    way !== "shared"
      ? undefined
      : {
          message: `${what} is made while nobody can write to the table`,
          safe: { sql: ["-- make it in a new table, and fill that by a backfill"] },
          tables: [table],
        },
});
