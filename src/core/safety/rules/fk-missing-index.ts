/** Every delete in the referenced table, and every change of its key, reads the whole table when the foreign key has no index. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "fk-missing-index": true;
  }
}

export const fkMissingIndex = defineRule({
  name: "fk-missing-index",
  tier: "policy",
  dialects: ["postgres"],
  why: "Without an index on the foreign key, every delete in the parent table, and every change of its key, reads the whole child table.",
  source: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
  bad: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;",
  },
  good: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "CREATE INDEX CONCURRENTLY orders_customer_id ON orders (customer_id);\nALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;",
  },
  on: "foreign key unindexed",
  judge: (effect) => {
    const { table, constraint } = effect;
    const name = shown(table);
    const columns = constraint.columns.join(", ");
    return {
      message: `the foreign key ${constraint.name} of ${name} has no index on ${columns}`,
      safe: { sql: [`CREATE INDEX CONCURRENTLY ON ${name} (${columns});`] },
      tables: [name],
    };
  },
});
