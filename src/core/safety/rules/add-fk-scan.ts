/** A FOREIGN KEY that is added valid looks up the parent of every row while writers of both tables wait. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-fk-scan": true;
  }
}

export const addFkScan = defineRule({
  name: "add-fk-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "If you add a FOREIGN KEY as valid, PostgreSQL looks up the parent of every row while writers of both tables wait. Add it NOT VALID, which checks new rows at once, and then VALIDATE it: that looks up the old rows while others work.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
  bad: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);",
  },
  good: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT orders_customer;",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint, scans } = effect;
    if (constraint.kind !== "foreign key" || !scans || !inUse(table)) return undefined;
    const name = shown(table);
    const parent = constraint.references === undefined ? "…" : shown(constraint.references.table);
    return {
      message: `every row of ${name} is looked up in ${parent} while writers of both wait`,
      lock: { mode: "SHARE ROW EXCLUSIVE", until: "until the last row is looked up" },
      safe: { form: "validate later", part: effect.written, constraint: constraint.name },
      // The server only looks at its own rows: the size of the parent does not matter.
      tables: [name],
    };
  },
});
