/** A column of a domain with constraints rewrites its table when it is added, and a change of the domain reads every table that uses it. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "domain-with-constraint": true;
  }
}

export const domainWithConstraint = defineRule({
  name: "domain-with-constraint",
  tier: "policy",
  dialects: ["postgres"],
  why: "If a domain has constraints, adding a column of it rewrites the table, and changing the domain reads every table that uses it.",
  source: "https://www.postgresql.org/docs/current/sql-createdomain.html",
  bad: { sql: "CREATE DOMAIN amount AS integer CHECK (VALUE > 0);" },
  good: { sql: "CREATE DOMAIN amount AS integer;" },
  on: "domain constrained",
  judge: (effect) => {
    const { name } = effect;
    return {
      message: `the domain ${name} has a constraint`,
      safe: { sql: ["-- a CHECK on the columns that need it"] },
      tables: [],
    };
  },
});
