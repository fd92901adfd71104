/** A UNIQUE builds its index while nobody can read or write the table. */
import { orders } from "./example-tables.ts";
import { indexBuiltUnderLock } from "./index-built-under-lock.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-unique-without-index": true;
  }
}

export const addUniqueWithoutIndex = defineRule({
  name: "add-unique-without-index",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL builds the index of a UNIQUE constraint while nobody can read or write the table. Build the index concurrently first; the constraint then takes it over in a moment.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT-USING-INDEX",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT orders_email_unique UNIQUE (email);",
  },
  good: {
    schema: orders,
    sql: "CREATE UNIQUE INDEX CONCURRENTLY orders_email_unique ON orders (email);\nALTER TABLE orders ADD CONSTRAINT orders_email_unique UNIQUE USING INDEX orders_email_unique;",
  },
  on: "constraint added",
  judge: (effect) =>
    effect.constraint.kind === "unique"
      ? indexBuiltUnderLock({ ...effect, proofs: [] })
      : undefined,
});
