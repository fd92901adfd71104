/** Rows arrive with the names that the publisher had when they were written: after a rename here they find nothing. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "subscribed-rename": true;
  }
}

export const subscribedRename = defineRule({
  name: "subscribed-rename",
  tier: "core",
  dialects: ["postgres"],
  why: "Replication matches tables and columns by name, and a row carries the names of the moment when it was written. A subscription stops at a row whose table or column has another name here; a view with the old name does not help. So rename on the publisher first, wait until this side has all earlier rows, then rename here. Until then the subscription stops at the first new row and tries again, and no row is lost.",
  source: "https://www.postgresql.org/docs/current/logical-replication-subscription.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders RENAME COLUMN state TO status;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "CREATE TABLE scratch (id bigint, a text);\nALTER TABLE scratch RENAME COLUMN a TO b;",
  },
  on: "subscribed changed",
  judge: ({ what, table, column, subscriptions }) => {
    if (what !== "renamed") return undefined;
    const name = shown(table);
    return {
      message: `${subscriptionsOf(subscriptions)} stops at the next row that the publisher sends for ${column === undefined ? name : `${name}.${column}`}`,
      safe: {
        sql: [
          "-- 1. on the publisher: the same statement",
          "-- 2. wait until this side has every row that was written before",
          "-- 3. then here, with the answer that the publisher has the new name",
        ],
      },
      tables: [name],
      column,
    };
  },
});
