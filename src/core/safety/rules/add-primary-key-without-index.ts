/** A PRIMARY KEY builds its index while nobody can read or write the table. */

import { indexBuiltUnderLock } from "./index-built-under-lock.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-primary-key-without-index": true;
  }
}

export const addPrimaryKeyWithoutIndex = defineRule({
  name: "add-primary-key-without-index",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL builds the index of a PRIMARY KEY while nobody can read or write the table. Build the index concurrently first; the constraint then takes it over in a moment.",
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
  judge: (effect) =>
    effect.constraint.kind === "primary key" ? indexBuiltUnderLock(effect) : undefined,
});
