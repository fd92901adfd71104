/** A row that the publisher accepts and this side refuses stops the subscription. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "subscribed-refusal": true;
  }
}

export const subscribedRefusal = defineRule({
  name: "subscribed-refusal",
  tier: "core",
  dialects: ["postgres"],
  why: "A subscription writes each row that the publisher accepted. If NOT NULL, a CHECK, a unique index or the type of a column refuses it here, the subscription stops with all its tables, and the publisher keeps its log. Foreign keys are not checked. So let the publisher refuse such rows first. A column that is not sent needs a default or must allow NULL.",
  source: "https://www.postgresql.org/docs/current/logical-replication-conflicts.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, total integer);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_total CHECK (total > 0) NOT VALID;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, total integer);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders ADD COLUMN state text NOT NULL DEFAULT 'new';",
  },
  on: "subscribed changed",
  judge: ({ what, table, column, words, subscriptions }) => {
    if (what !== "refuses") return undefined;
    const name = shown(table);
    return {
      message: `${subscriptionsOf(subscriptions)} stops at the first row of ${name} that ${words} refuses`,
      safe: {
        sql: [
          "-- 1. on the publisher: the same statement, or one that keeps such rows out",
          "-- 2. wait until this side has every row that was written before",
          "-- 3. then here, with the answer that the publisher sends no such row",
        ],
      },
      tables: [name],
      column,
    };
  },
});
