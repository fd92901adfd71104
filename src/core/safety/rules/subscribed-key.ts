/** Without a key here, an UPDATE or DELETE that arrives finds no row and stops the subscription. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";
import { subscriptionsOf } from "./subscriptions-of.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "subscribed-key": true;
  }
}

export const subscribedKey = defineRule({
  name: "subscribed-key",
  tier: "core",
  dialects: ["postgres"],
  why: "A subscription finds the row of an UPDATE or DELETE by the primary key of this side, or its replica identity. Without one it stops at the first UPDATE or DELETE, unless the publisher sends whole rows (REPLICA IDENTITY FULL there; here it does not help). So replace the key in the same statement, over the same columns.",
  source: "https://www.postgresql.org/docs/current/logical-replication-publication.html",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "ALTER TABLE orders DROP CONSTRAINT orders_pkey;",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, state text);",
    subscribed: ["orders"],
    sql: "CREATE TABLE scratch (id bigint PRIMARY KEY);\nALTER TABLE scratch DROP CONSTRAINT scratch_pkey;",
  },
  on: "subscribed changed",
  judge: ({ what, table, subscriptions }) => {
    if (what !== "key lost") return undefined;
    const name = shown(table);
    return {
      message: `${subscriptionsOf(subscriptions)} stops at the next UPDATE or DELETE of ${name}, because nothing finds the row here`,
      safe: {
        sql: [
          `CREATE UNIQUE INDEX CONCURRENTLY … ON ${name} (…);  -- first, over the same columns`,
          `ALTER TABLE ${name} DROP CONSTRAINT …, ADD PRIMARY KEY USING INDEX …;`,
        ],
      },
      tables: [name],
    };
  },
});
