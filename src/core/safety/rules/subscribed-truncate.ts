/** Rows that are removed here do not come again. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "subscribed-truncate": true;
  }
}

export const subscribedTruncate = defineRule({
  name: "subscribed-truncate",
  tier: "core",
  dialects: ["postgres"],
  why: "The publisher sends each change once. Rows that you remove on the subscriber do not come again, and PostgreSQL skips later updates of them without an error. To copy a table again, take it out of the subscription first, and let it in afterwards.",
  source: "https://www.postgresql.org/docs/current/logical-replication-conflicts.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY);",
    subscribed: ["orders"],
    sql: "TRUNCATE orders;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY);",
    subscribed: ["orders"],
    sql: "CREATE TABLE scratch (id bigint);\nTRUNCATE scratch;",
  },
  on: "subscribed changed",
  judge: ({ what, table, subscriptions }) => {
    if (what !== "truncated") return undefined;
    const name = shown(table);
    return {
      message: `the rows of ${name} do not come again through ${subscriptionsOf(subscriptions)}, and later updates of them change nothing`,
      safe: {
        sql: [
          "-- to copy it again: ALTER PUBLICATION … DROP TABLE on the publisher, REFRESH PUBLICATION here,",
          "-- then this statement, ADD TABLE there, and REFRESH PUBLICATION here",
        ],
      },
      tables: [name],
    };
  },
});
