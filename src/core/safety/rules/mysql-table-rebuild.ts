/** A change that MySQL and MariaDB make beside writers, by building the table anew. It blocks nobody, so it is opt-in. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "mysql-table-rebuild": true;
  }
}

export const mysqlTableRebuild = defineRule({
  name: "mysql-table-rebuild",
  tier: "policy",
  dialects: ["mysql"],
  why: "The server rebuilds the table while others write. Nobody waits, but it takes long, needs the space of a second table, and replicas fall behind.",
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
  bad: {
    schema: "CREATE TABLE visits (id bigint NOT NULL, page text);",
    sql: "ALTER TABLE visits ADD PRIMARY KEY (id);",
  },
  good: { sql: "CREATE TABLE visits (id bigint PRIMARY KEY, page text);" },
  on: "mysql change",
  judge: ({ way, table, what }) =>
    way !== "rebuild"
      ? undefined
      : {
          message: `${what} builds the whole table anew, beside its writers`,
          safe: { sql: ["-- run it when replicas may fall behind, with space for a second table"] },
          tables: [table],
        },
});
