/** The lock of ADD CONSTRAINT … NOT VALID is held until the transaction ends, so a VALIDATE in the same transaction reads every row under it. */
import { shown } from "../effects/catalog.ts";
import { orders } from "./example-tables.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "validate-in-same-transaction": true;
  }
}

export const validateInSameTransaction = defineRule({
  name: "validate-in-same-transaction",
  tier: "core",
  dialects: ["postgres"],
  why: "The lock of ADD CONSTRAINT \u2026 NOT VALID lasts until the transaction ends. So a VALIDATE in the same transaction reads every row under that lock.",
  source: "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-NOTES",
  bad: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT amount_positive;",
    inTransaction: true,
  },
  good: {
    schema: orders,
    sql: "ALTER TABLE orders ADD CONSTRAINT amount_positive CHECK (amount > 0) NOT VALID;\nALTER TABLE orders VALIDATE CONSTRAINT amount_positive;",
  },
  on: "constraint validated",
  judge: (effect) => {
    const { table, name: constraint, sameTransaction } = effect;
    if (!sameTransaction || !inUse(table)) return undefined;
    const name = shown(table);
    return {
      message: `${constraint} is validated while the transaction that added it still locks ${name}`,
      lock: {
        mode:
          effect.constraint?.kind === "foreign key" ? "SHARE ROW EXCLUSIVE" : "ACCESS EXCLUSIVE",
        until: "until the last row is checked",
      },
      safe: {
        sql: [
          "COMMIT;",
          `ALTER TABLE ${name} VALIDATE CONSTRAINT ${constraint};  -- in another transaction`,
        ],
      },
      tables: [name],
    };
  },
});
