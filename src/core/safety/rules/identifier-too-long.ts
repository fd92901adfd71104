/** PostgreSQL keeps 63 bytes of a name and cuts off the rest with no more than a notice. */
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "identifier-too-long": true;
  }
}

export const identifierTooLong = defineRule({
  name: "identifier-too-long",
  tier: "policy",
  dialects: ["postgres"],
  why: "PostgreSQL keeps 63 bytes of a name and cuts off the rest. It only prints a notice.",
  source: "https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-IDENTIFIERS",
  bad: {
    sql: "CREATE TABLE a_name_that_is_much_longer_than_what_postgresql_keeps_of_any_name_here (id bigint);",
  },
  good: { sql: "CREATE TABLE a_name_that_is_kept (id bigint);" },
  on: "name too long",
  judge: (effect) => {
    const { name } = effect;
    return {
      message: `${name} is longer than 63 bytes, and is cut`,
      safe: { sql: ["-- a shorter name"] },
      tables: [],
    };
  },
});
