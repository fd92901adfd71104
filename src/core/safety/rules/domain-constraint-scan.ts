/** A constraint of a domain is checked in every row of every table that uses it, while writers of all of them wait; VALIDATE does so too. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "domain-constraint-scan": true;
  }
}

export const domainConstraintScan = defineRule({
  name: "domain-constraint-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL checks a constraint of a domain in every row of every table that uses the domain, while writers of all of them wait. VALIDATE does so too. NOT VALID reads nothing.",
  source: "https://www.postgresql.org/docs/current/sql-alterdomain.html",
  bad: {
    schema:
      "CREATE DOMAIN amount AS integer;\nCREATE TABLE orders (id bigint PRIMARY KEY, total amount);",
    sql: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0);",
  },
  good: {
    schema:
      "CREATE DOMAIN amount AS integer;\nCREATE TABLE orders (id bigint PRIMARY KEY, total amount);",
    sql: "ALTER DOMAIN amount ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID;",
  },
  on: "domain checked",
  judge: (effect) => {
    const { name, domain, tables } = effect;
    const used = tables.filter(inUse);
    if (used.length === 0 && (domain !== undefined || tables.length > 0)) return undefined;
    const list = used.length === 0 ? "every table that uses it" : used.map(shown).join(", ");
    return {
      message: `every row of ${list} is checked for the domain ${name}`,
      lock: { mode: "SHARE", until: "until the last row of the last table is checked" },
      safe: { sql: [`ALTER DOMAIN ${name} ADD CONSTRAINT … CHECK (…) NOT VALID;`] },
      tables: used.map(shown),
    };
  },
});
