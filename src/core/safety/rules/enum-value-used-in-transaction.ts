/** A value that is added to an enum cannot be used before its transaction is committed; before PostgreSQL 12 it cannot even be added in one. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "enum-value-used-in-transaction": true;
  }
}

export const enumValueUsedInTransaction = defineRule({
  name: "enum-value-used-in-transaction",
  tier: "core",
  dialects: ["postgres"],
  why: "You cannot use a new value of an enum before the transaction that added it commits. Before PostgreSQL 12 you cannot even add it in a transaction.",
  source: "https://www.postgresql.org/docs/current/sql-altertype.html#SQL-ALTERTYPE-NOTES",
  bad: {
    schema:
      "CREATE TYPE state AS ENUM ('open');\nCREATE TABLE orders (id bigint PRIMARY KEY, state state);",
    sql: "ALTER TYPE state ADD VALUE 'paid';\nINSERT INTO orders (id, state) VALUES (1, 'paid');",
    inTransaction: true,
  },
  good: {
    schema:
      "CREATE TYPE state AS ENUM ('open');\nCREATE TABLE orders (id bigint PRIMARY KEY, state state);",
    sql: "ALTER TYPE state ADD VALUE 'paid';\nINSERT INTO orders (id, state) VALUES (1, 'paid');",
  },
  on: "enum value used",
  judge: (effect) => {
    const { name, value, added } = effect;
    return {
      message: added
        ? `before PostgreSQL 12 a value cannot be added to ${name} inside a transaction`
        : `${value} of ${name} is used in the transaction that added it`,
      safe: { sql: [`ALTER TYPE ${name} ADD VALUE '${value}';  -- in a separate migration`] },
      tables: [],
    };
  },
});
