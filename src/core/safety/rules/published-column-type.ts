/** A subscriber keeps its own type of a column, and stops at the first value that does not fit it. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-column-type": true;
  }
}

export const publishedColumnType = defineRule({
  name: "published-column-type",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL does not replicate DDL. A subscriber keeps its own type and stops at the first value that does not fit. A wider type accepts all values of the narrow one, so change the subscriber first.",
  source: "https://www.postgresql.org/docs/current/logical-replication-restrictions.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, amount integer);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders ALTER COLUMN amount TYPE bigint;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, amount varchar(10));\nCREATE TABLE notes (id bigint PRIMARY KEY);\nCREATE PUBLICATION feed FOR TABLE notes;",
    sql: "ALTER TABLE orders ALTER COLUMN amount TYPE varchar(20);\nANALYZE orders;",
  },
  on: "published changed",
  judge: ({ what, table, column, publications }) => {
    if (what !== "column type") return undefined;
    return {
      message: `subscribers of ${publications.join(", ")} keep the old type of ${shown(table)}.${column}, and stop at the first value that does not fit it`,
      safe: {
        sql: [
          "-- 1. on each subscriber: the same statement, where the new type takes every old value",
          "-- 2. then here, with the answer that every subscriber has it",
        ],
      },
      tables: [shown(table)],
      column,
    };
  },
});
