/** Without its primary key a published table has no replica identity, so that its UPDATEs and DELETEs fail, and nothing keeps rows apart. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "drop-primary-key": true;
  }
}

export const dropPrimaryKey = defineRule({
  name: "drop-primary-key",
  tier: "core",
  dialects: ["postgres"],
  why: "Without a primary key, two rows can be equal. If the table is published, it has no replica identity either, so its UPDATEs and DELETEs fail. Replace the key in the same statement.",
  source:
    "https://www.postgresql.org/docs/current/logical-replication-publication.html#LOGICAL-REPLICATION-PUBLICATION-REPLICA-IDENTITY",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders DROP CONSTRAINT orders_pkey;",
  },
  good: {
    schema: `${orders}\nCREATE UNIQUE INDEX orders_new_key ON orders (id);`,
    sql: "ALTER TABLE orders DROP CONSTRAINT orders_pkey, ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_new_key;",
  },
  on: "constraint dropped",
  judge: (effect) => {
    const { table, name: constraint, primaryKey, replaced } = effect;
    if (!primaryKey || replaced || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `${name} is left without a primary key, and so without a replica identity`,
      safe: {
        sql: [
          `ALTER TABLE ${name} DROP CONSTRAINT ${constraint}, ADD CONSTRAINT ${constraint} PRIMARY KEY USING INDEX …;`,
        ],
      },
      tables: [name],
    };
  },
});
