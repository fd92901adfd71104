/** A new type takes away what the planner knows of the column, also where no row is written, and autovacuum does not see it. */
import { shown } from "../effects/catalog.ts";
import { sqlNamed } from "../forms/written-sql.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "statistics-lost": true;
  }
}

export const statisticsLost = defineRule({
  name: "statistics-lost",
  tier: "core",
  dialects: ["postgres"],
  why: "With a new type, PostgreSQL forgets what the planner knew of the column, and its extended statistics, even if it writes no row. Autovacuum counts changed rows, so it may not analyze the table for days, and queries get worse plans until then.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DATA-TYPE",
  bad: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, email varchar(60), state text);",
    sql: "ALTER TABLE orders ALTER COLUMN email TYPE varchar(120);",
  },
  good: {
    schema: "CREATE TABLE orders (id bigint PRIMARY KEY, email varchar(60), state text);",
    sql: "ALTER TABLE orders ALTER COLUMN email TYPE varchar(120);\nANALYZE orders;",
  },
  on: "statistics lost",
  judge: (effect) => {
    const { table, column, extended } = effect;
    if (!inUse(table)) return undefined;
    const name = shown(table);
    const also = extended.length === 0 ? "" : `, and the statistics ${extended.join(", ")}`;
    return {
      message: `the planner forgets what it knew of ${column} of ${name}${also} until somebody analyzes the table`,
      safe: { form: "then analyze", table: sqlNamed(table) },
      tables: [name],
    };
  },
});
