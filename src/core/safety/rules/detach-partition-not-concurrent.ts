/** DETACH PARTITION locks the partitioned table against reads and writes, and waits for every query on it. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "detach-partition-not-concurrent": true;
  }
}

export const detachPartitionNotConcurrent = defineRule({
  name: "detach-partition-not-concurrent",
  tier: "core",
  dialects: ["postgres"],
  why: "DETACH PARTITION locks the partitioned table against reads and writes, and waits for every query on it. Since PostgreSQL 14, CONCURRENTLY waits while others work.",
  source:
    "https://www.postgresql.org/docs/current/sql-altertable.html#SQL-ALTERTABLE-DETACH-PARTITION",
  bad: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    sql: "ALTER TABLE events DETACH PARTITION events_2024;",
  },
  good: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2024 PARTITION OF events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');",
    sql: "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY;",
    since: 14,
  },
  on: "partition detached",
  judge: (effect) => {
    const { table, partition, concurrently, reads } = effect;
    if (concurrently || !inUse(table)) return undefined;
    const [name, part] = [shown(table), shown(partition)];
    const read = reads.map(shown).join(", ");
    return {
      message: `everybody who uses ${name} waits while ${part} is detached${read === "" ? "" : ` and every row of ${read} is looked at, which may refer to it`}`,
      lock: {
        mode: "ACCESS EXCLUSIVE",
        until: "for a moment, once the running queries have ended",
      },
      safe: {
        form: "concurrently",
        note: `${part} keeps its bound as a CHECK`,
      },
      tables: [name, part],
    };
  },
});
