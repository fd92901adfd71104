/** A change that MariaDB can only make by a copy of the table, while nobody writes. MySQL changes its catalog alone. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "mariadb-copy-blocks-writes": true;
  }
}

const schema = `CREATE TABLE orders (id bigint PRIMARY KEY, net decimal(10,2) NOT NULL,
  gross decimal(12,4) AS (net * 1.19) VIRTUAL);`;

export const mariadbCopyBlocksWrites = defineRule({
  name: "mariadb-copy-blocks-writes",
  tier: "core",
  dialects: ["mysql"],
  why: "If the columns before a virtual column change, MariaDB copies the whole table, and writers wait until it has finished. MySQL does not.",
  source: "https://dev.mysql.com/doc/refman/8.4/en/innodb-online-ddl-operations.html",
  bad: { schema, sql: "ALTER TABLE orders ADD COLUMN paid_at datetime NULL AFTER id;" },
  good: { schema, sql: "ALTER TABLE orders ADD COLUMN paid_at datetime NULL;" },
  on: "mysql change",
  judge: ({ way, table, what, only }) =>
    only === undefined || way !== "copy"
      ? undefined
      : {
          message: `${what} makes ${only} copy the table while nobody can write to it`,
          safe: { sql: ["-- leave AFTER and FIRST out: a new column goes behind all others"] },
          tables: [table],
        },
});
