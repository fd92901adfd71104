/** A PRIMARY KEY builds its index while nobody can read or write the table. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-primary-key-without-index": true;
  }
}

export const addPrimaryKeyWithoutIndex = defineRule({
  name: "add-primary-key-without-index",
  tier: "core",
  dialects: ["postgres"],
  why: "A PRIMARY KEY builds its index while nobody can read or write the table. Build the index concurrently first; the constraint then takes it over in a moment.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
  bad: {
    schema: "CREATE TABLE orders (id bigint NOT NULL, email text);",
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY (id);",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint NOT NULL, email text);",
    sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_pkey ON orders (id);\nALTER TABLE orders ADD CONSTRAINT orders_pkey PRIMARY KEY USING INDEX orders_pkey;",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint, builds } = effect;
    if (constraint.kind !== "primary key" || !builds || !inUse(table)) return undefined;
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
              notNull: effect.proofs ?? [],
            }
          : undefined,
      tables: [name],
    };
  },
});
