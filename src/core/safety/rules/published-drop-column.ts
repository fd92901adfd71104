/** A subscriber keeps a column that is dropped on the publisher, and stops where it must not be NULL there. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-drop-column": true;
  }
}

export const publishedDropColumn = defineRule({
  name: "published-drop-column",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL does not replicate DDL. A subscriber keeps the column and fills it with its default. If the column is NOT NULL without a default, the subscriber stops. So first allow NULL on the subscriber, then drop the column on the publisher, then on the subscriber.",
  source: "https://www.postgresql.org/docs/current/logical-replication-restrictions.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text NOT NULL);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders DROP COLUMN state;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE PUBLICATION feed FOR TABLE orders (id);",
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders DROP COLUMN note;",
    since: 15,
  },
  on: "published changed",
  judge: ({ what, table, column, publications }) => {
    if (what !== "column dropped") return undefined;
    const name = shown(table);
    return {
      message: `subscribers of ${publications.join(", ")} keep ${name}.${column}, and stop where it is NOT NULL without a default`,
      safe: {
        sql: [
          `-- 1. on each subscriber: ALTER TABLE ${name} ALTER COLUMN ${column} DROP NOT NULL`,
          "-- 2. then here, with the answer that every subscriber lets it be NULL",
          `-- 3. then on each subscriber, when it has every row that was written before: ALTER TABLE ${name} DROP COLUMN ${column}`,
        ],
      },
      tables: [name],
      column,
    };
  },
});
