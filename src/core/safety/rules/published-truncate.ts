/** A publication sends a TRUNCATE, and then the rows of every subscriber are lost too; or it does not, and they stay there. */
import { shown } from "../effects/catalog.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "published-truncate": true;
  }
}

export const publishedTruncate = defineRule({
  name: "published-truncate",
  tier: "core",
  dialects: ["postgres"],
  why: "A publication sends TRUNCATE unless its publish option leaves it out. So the rows of every subscriber are lost too, or they stay there for ever. A subscriber stops if another of its tables refers to the one that it must empty.",
  source: "https://www.postgresql.org/docs/current/logical-replication-restrictions.html",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "TRUNCATE orders;",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY);\nCREATE PUBLICATION feed FOR TABLE orders;",
    sql: "CREATE TABLE scratch (id bigint);\nTRUNCATE scratch;",
  },
  on: "published changed",
  judge: ({ what, table, publications, sendsTruncate }) => {
    if (what !== "truncated") return undefined;
    const name = shown(table);
    const whose = `subscribers of ${publications.join(", ")}`;
    return {
      message: sendsTruncate
        ? `${whose} lose all rows of ${name} too`
        : `${whose} keep the rows of ${name}, because a TRUNCATE is not sent to them`,
      safe: {
        sql: [
          sendsTruncate
            ? "-- a data migration that deletes in batches, if the rows are to go there too"
            : `-- then on each subscriber: TRUNCATE ${name}`,
        ],
      },
      tables: [name],
    };
  },
});
