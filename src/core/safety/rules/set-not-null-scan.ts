/** NOT NULL reads every row while nobody can read or write the table, unless a valid CHECK (… IS NOT NULL) proves it (since 12), or the constraint is added NOT VALID and validated later (since 18). */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "set-not-null-scan": true;
  }
}

export const setNotNullScan = defineRule({
  name: "set-not-null-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "To set NOT NULL, PostgreSQL reads every row while nobody can read or write the table. It skips that if a valid CHECK (\u2026 IS NOT NULL) proves it (since 12), or if you add the constraint NOT VALID and validate it later (since 18).",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ALTER COLUMN email SET NOT NULL;",
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT email_set CHECK (email IS NOT NULL) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT email_set;\nALTER TABLE orders ALTER COLUMN email SET NOT NULL;\nALTER TABLE orders DROP CONSTRAINT email_set;",
    since: 12,
  },
  on: "not null enforced",
  judge: (effect) => {
    const { table, columns, by, written, proofs } = effect;
    if (!inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `every row of ${name} is read to see that ${columns.join(", ")} is never NULL`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is read" },
      safe:
        by === "not null constraint"
          ? { form: "validate later", part: written, constraint: proofs[0]?.constraint ?? "" }
          : { form: "prove not null", part: written, proofs },
      tables: [name],
    };
  },
});
