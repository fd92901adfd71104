/** Columns of different types are compared with a cast, and the narrower one runs out first. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "fk-type-mismatch": true;
  }
}

export const fkTypeMismatch = defineRule({
  name: "fk-type-mismatch",
  tier: "policy",
  dialects: ["postgres"],
  why: "If the two columns have different types, PostgreSQL compares them with a cast, and the narrower one runs out of values first.",
  source: "https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK",
  bad: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "CREATE TABLE notes (id bigint, customer_id integer REFERENCES customers (id));",
  },
  good: {
    schema: `CREATE TABLE customers (id bigint PRIMARY KEY, name text);\n${orders}`,
    sql: "CREATE TABLE notes (id bigint, customer_id bigint REFERENCES customers (id));",
  },
  on: "foreign key made",
  judge: (effect) => {
    const { table, mismatch } = effect;
    if (mismatch === undefined) return undefined;
    return {
      message: mismatch,
      safe: { sql: ["-- the same type on both sides"] },
      tables: [shown(table)],
    };
  },
});
