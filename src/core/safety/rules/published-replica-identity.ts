/** Without a replica identity UPDATE and DELETE of a published table fail on the publisher itself. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-replica-identity": true;
  }
}

export const publishedReplicaIdentity = defineRule({
  name: "published-replica-identity",
  tier: "core",
  dialects: ["postgres"],
  why: "Subscribers find a changed row by the replica identity: the primary key, unless you set another one. Without an identity, every UPDATE and DELETE of the table fails on the publisher. So set another identity first.",
  source: "https://www.postgresql.org/docs/current/logical-replication-publication.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders REPLICA IDENTITY NOTHING;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, state text);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "ALTER TABLE orders REPLICA IDENTITY FULL;",
  },
  on: "published changed",
  judge: ({ what, table, publications }) => {
    if (what !== "identity lost") return undefined;
    const name = shown(table);
    return {
      message: `every UPDATE and DELETE of ${name} fails from now on: ${publications.join(", ")} publishes them, and the table has no replica identity`,
      safe: {
        sql: [
          `ALTER TABLE ${name} REPLICA IDENTITY USING INDEX …;  -- first: a unique index over NOT NULL columns`,
          `-- or, where there is none: ALTER TABLE ${name} REPLICA IDENTITY FULL, which sends whole rows`,
        ],
      },
      tables: [name],
    };
  },
});
