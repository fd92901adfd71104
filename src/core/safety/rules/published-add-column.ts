/** DDL is not replicated: a subscriber stops at the first row with a column that it does not have. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-add-column": true;
  }
}

export const publishedAddColumn = defineRule({
  name: "published-add-column",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL does not replicate DDL. If the publication sends all columns, a subscriber stops at the first row with a column that it does not have, and the server keeps its log until the subscriber continues. An extra column does not hurt a subscriber, so add it there first.",
  source: "https://www.postgresql.org/docs/current/logical-replication-restrictions.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders ADD COLUMN note text;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders (id, state);",
    sql: "ALTER TABLE orders ADD COLUMN note text;",
    since: 15,
  },
  on: "published changed",
  judge: ({ what, table, column, publications }) => {
    if (what !== "column added") return undefined;
    return {
      message: `subscribers of ${publications.join(", ")} that have no ${shown(table)}.${column} stop at the first row that is written after it`,
      safe: {
        sql: [
          "-- 1. on each subscriber: the same statement, which does no harm there",
          "-- 2. then here, with the answer that every subscriber has it",
        ],
      },
      tables: [shown(table)],
      column,
    };
  },
});
