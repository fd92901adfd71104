/** An EXCLUDE constraint builds its index and compares every row while nobody can read or write the table, and there is no way to do that beside them. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-exclusion-constraint": true;
  }
}

export const addExclusionConstraint = defineRule({
  name: "add-exclusion-constraint",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL builds the index of an EXCLUDE constraint and compares every row while nobody can read or write the table. There is no way to do that while others work.",
  source: "https://www.postgresql.org/docs/current/sql-createtable.html#SQL-CREATETABLE-EXCLUDE",
  bad: {
    schema: "CREATE TABLE bookings (id bigint PRIMARY KEY, during tsrange);",
    sql: "ALTER TABLE bookings ADD CONSTRAINT no_overlap EXCLUDE USING gist (during WITH &&);",
  },
  good: {
    sql: "CREATE TABLE bookings (id bigint PRIMARY KEY, during tsrange, EXCLUDE USING gist (during WITH &&));",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint } = effect;
    if (constraint.kind !== "exclude" || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `nobody can use ${name} until the index of ${constraint.name} is built and every row is compared`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is compared" },
      safe: {
        sql: [
          `-- make a new table with the constraint, copy ${name} in batches, then change the names`,
        ],
      },
      tables: [name],
    };
  },
});
