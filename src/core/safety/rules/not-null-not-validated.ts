/** A partitioned table believes a partition whose own NOT NULL is NOT VALID, so NULLs stay and queries miss them. */
import { shown } from "../effects/catalog.ts";
import { sqlName, sqlNamed } from "../forms/written-sql.ts";
import { defineRule } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "not-null-not-validated": true;
  }
}

export const notNullNotValidated = defineRule({
  name: "not-null-not-validated",
  tier: "core",
  dialects: ["postgres"],
  why: "On a partitioned table, SET NOT NULL skips each partition that already has a NOT NULL constraint, even a NOT VALID one. NULLs stay, and the planner answers queries as if there were none.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DESC-SET-DROP-NOT-NULL",
  bad: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date) PARTITION BY RANGE (id);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);\nALTER TABLE events_1 ADD CONSTRAINT at_set NOT NULL at NOT VALID;",
    sql: "ALTER TABLE events ALTER COLUMN at SET NOT NULL;",
    since: 18,
  },
  good: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date) PARTITION BY RANGE (id);\nCREATE TABLE events_1 PARTITION OF events FOR VALUES FROM (0) TO (1000);\nALTER TABLE events_1 ADD CONSTRAINT at_set NOT NULL at NOT VALID;",
    sql: "ALTER TABLE events_1 VALIDATE CONSTRAINT at_set;\nALTER TABLE events ALTER COLUMN at SET NOT NULL;",
    since: 18,
  },
  on: "not null unproven",
  judge: (effect) => {
    const { table, partition, column, name } = effect;
    return {
      message: `${column} of ${shown(table)} becomes NOT NULL without a look at ${shown(partition)}, whose ${name} was never validated: its NULLs stay`,
      safe: {
        sql: [
          `ALTER TABLE ${sqlNamed(partition)} VALIDATE CONSTRAINT ${sqlName(name)};  -- in a transaction before`,
        ],
      },
      tables: [shown(table), shown(partition)],
    };
  },
});
