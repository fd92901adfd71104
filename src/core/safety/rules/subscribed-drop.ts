/** A publisher sends what it has: a row for a table or a column that is gone here stops the subscription. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "subscribed-drop": true;
  }
}

export const subscribedDrop = defineRule({
  name: "subscribed-drop",
  tier: "core",
  dialects: ["postgres"],
  why: "The publisher sends rows with the names that they had when they were written. A row for a table or a column that this side no longer has stops the subscription, with all its tables, and the publisher keeps its log until the subscription continues. So first let the publisher send it no more, wait until this side has all earlier rows, then drop it here.",
  source: "https://www.postgresql.org/docs/current/logical-replication-subscription.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders DROP COLUMN state;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders ADD COLUMN note text;\nALTER TABLE orders DROP COLUMN note;",
  },
  on: "subscribed changed",
  judge: ({ what, table, column, subscriptions }) => {
    if (what !== "column dropped" && what !== "table dropped") return undefined;
    const name = shown(table);
    const thing = column === undefined ? name : `${name}.${column}`;
    return {
      message: `${subscriptionsOf(subscriptions)} stops at the next row that the publisher sends for ${thing}`,
      safe: {
        sql:
          what === "column dropped"
            ? [
                `-- 1. here, if it is NOT NULL without a default: ALTER TABLE ${name} ALTER COLUMN ${column} DROP NOT NULL;`,
                "-- 2. on the publisher: the same statement",
                "-- 3. wait until this side has every row that was written before",
                "-- 4. then here, with the answer that nothing more is sent for it",
              ]
            : [
                `-- 1. on the publisher: ALTER PUBLICATION … DROP TABLE ${name}, or drop it there`,
                "-- 2. wait until this side has every row that was written before",
                `-- 3. here: ALTER SUBSCRIPTION ${subscriptions[0]} REFRESH PUBLICATION`,
                "-- 4. then the same statement here",
              ],
      },
      tables: [name],
      column,
    };
  },
});
