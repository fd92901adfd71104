/** A CHECK that is added valid reads every row while nobody can read or write the table. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "add-check-scan": true;
  }
}

export const addCheckScan = defineRule({
  name: "add-check-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "If you add a CHECK as valid, PostgreSQL reads every row while nobody can read or write the table. Add it NOT VALID, which checks new rows at once, and then VALIDATE it: that reads the old rows while others work.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-ADD-TABLE-CONSTRAINT",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0);",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT amount_positive;",
  },
  on: "constraint added",
  judge: (effect) => {
    const { table, constraint, scans } = effect;
    if (constraint.kind !== "check" || !scans || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `every row of ${name} is checked against ${constraint.name} before any other statement on it can run`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is checked" },
      safe: { form: "validate later", part: effect.written, constraint: constraint.name },
      tables: [name],
    };
  },
});
