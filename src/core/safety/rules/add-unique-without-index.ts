/** A UNIQUE builds its index while nobody can read or write the table. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-unique-without-index": true;
  }
}

export const addUniqueWithoutIndex = defineRule({
  name: "add-unique-without-index",
  tier: "core",
  dialects: ["postgres"],
  why: "A UNIQUE builds its index while nobody can read or write the table. Build the index concurrently first; the constraint then takes it over in a moment.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
  bad: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_email_unique UNIQUE (email);",
  },
  good: {
    schema:
      "CREATE TABLE orders (id bigint PRIMARY KEY, email text, state text, amount integer, customer_id bigint);",
    sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_email_unique ON orders (email);\nALTER TABLE orders ADD CONSTRAINT orders_email_unique UNIQUE USING INDEX orders_email_unique;",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint, builds } = effect;
    if (constraint.kind !== "unique" || !builds || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `nobody can use ${name} until the index of ${constraint.name} is built`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until every row is in the index" },
      safe:
        table.partitionBy === undefined
          ? {
              form: "index first",
              part: effect.written,
              constraint: constraint.name,
              notNull: [],
            }
          : undefined,
      tables: [name],
    };
  },
});
