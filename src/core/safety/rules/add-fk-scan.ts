/** A FOREIGN KEY that is added valid looks up the parent of every row while writers of both tables wait. */
import { type Constraint, shown, type Table } from "../effects/catalog.ts";
import { inDsl, nameUnless } from "./in-dsl.ts";
import { defineRule, inUse } from "./rule.ts";

export const addFkScan = defineRule({
  name: "add-fk-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "A FOREIGN KEY that is added valid looks up the parent of every row while writers of both tables wait. NOT VALID holds for new rows at once; VALIDATE looks at the old ones beside everybody.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
  bad: {
    schema:
      "CREATE TABLE customers (id bigint PRIMARY KEY, name text);\nCREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id);",
  },
  good: {
    schema:
      "CREATE TABLE customers (id bigint PRIMARY KEY, name text);\nCREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES customers (id) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT orders_customer;",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint, scans } = effect;
    if (constraint.kind !== "foreign key" || !scans || !inUse(table)) return undefined;
    const name = shown(table);
    const parent = constraint.references === undefined ? "…" : shown(constraint.references.table);
    const columns = constraint.columns.join(", ");
    return {
      message: `every row of ${name} is looked up in ${parent} while writers of both wait`,
      lock: { mode: "SHARE ROW EXCLUSIVE", until: "until the last row is looked up" },
      safe: {
        sql: [
          `ALTER TABLE ${name} ADD CONSTRAINT ${constraint.name} FOREIGN KEY (${columns}) REFERENCES ${parent} NOT VALID;`,
          `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint.name};  -- in another transaction`,
        ],
        ...(constraint.references?.table.schema === table.schema
          ? { dsl: [foreignKeyInDsl(table, constraint, constraint.references)] }
          : {}),
      },
      // Only its own rows are looked at: whether the parent is large does not matter.
      tables: [name],
    };
  },
});

function foreignKeyInDsl(
  table: Table,
  { name, columns }: Constraint,
  to: NonNullable<Constraint["references"]>,
): string {
  const referred =
    to.columns.join() === "id" || to.columns.length === 0 ? {} : { references: to.columns };
  const key = { columns, table: to.table.name, ...referred };
  const own = nameUnless(name, [table.name, ...columns, "fkey"]);
  // There the prefix belongs to the same object as everything else.
  const prefix = table.schema === "public" ? {} : { prefix: table.schema };
  return inDsl(
    "addForeignKey",
    { name: table.name, schema: "public" },
    { args: [{ ...key, ...own, ...prefix }] },
  );
}
