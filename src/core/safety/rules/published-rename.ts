/** Rows are sent with the names that they were written under: a rename stops every subscriber that has the old one. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-rename": true;
  }
}

export const publishedRename = defineRule({
  name: "published-rename",
  tier: "core",
  dialects: ["postgres"],
  why: "Replication matches tables and columns by name, and a row carries the names of the moment when it was written. So rename here first. The subscriber applies all earlier rows and stops at the first new one; rename there then, and it continues without a lost row. If you pause the subscription and rename both sides, the rows that wait in between stop it.",
  source: "https://www.postgresql.org/docs/current/logical-replication-subscription.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders RENAME COLUMN state TO status;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "CREATE TABLE scratch (id bigint, a text);\nALTER TABLE scratch RENAME COLUMN a TO b;",
  },
  on: "published changed",
  judge: ({ what, table, column, publications }) => {
    if (what !== "renamed") return undefined;
    const name = column === undefined ? shown(table) : `${shown(table)}.${column}`;
    return {
      message: `subscribers of ${publications.join(", ")} look for ${name} by its name, and stop`,
      safe: {
        sql: [
          "-- 1. here, with the answer that the subscribers follow",
          "-- 2. wait until each subscriber has every row that was written before",
          "-- 3. on each subscriber: the same statement",
        ],
      },
      tables: [shown(table)],
      column,
    };
  },
});
