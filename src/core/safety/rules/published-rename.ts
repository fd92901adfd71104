/** Tables and columns are sent by their names: a rename stops every subscriber that has the old one. */
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
  why: "Replication matches tables and columns by name. Whichever side you rename first, the subscriber stops at the next row. So pause the subscription while you rename both sides.",
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
          "-- 1. on each subscriber: ALTER SUBSCRIPTION … DISABLE",
          "-- 2. here, and the same statement on each subscriber",
          "-- 3. on each subscriber: ALTER SUBSCRIPTION … ENABLE",
        ],
      },
      tables: [shown(table)],
      column,
    };
  },
});
