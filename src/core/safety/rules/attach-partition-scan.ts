/** A new partition is read from its first row to its last to see that every row belongs to it, and the default partition to see that none of its rows does. */
import { shown } from "../effects/catalog.ts";
import { defineRule, inUse } from "./rule.ts";

declare module "./rule.ts" {
  interface RuleNames {
    "attach-partition-scan": true;
  }
}

export const attachPartitionScan = defineRule({
  name: "attach-partition-scan",
  tier: "core",
  dialects: ["postgres"],
  why: "PostgreSQL reads the whole new partition to see that every row belongs to it, and the whole default partition to see that no row does. A valid CHECK of the same bound, with NOT NULL on the key, proves it beforehand.",
  source:
    "https://www.postgresql.org/docs/current/ddl-partitioning.html#DDL-PARTITIONING-DECLARATIVE-MAINTENANCE",
  bad: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL);",
    sql: "ALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
  },
  good: {
    schema:
      "CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at);\nCREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL);",
    sql: "ALTER TABLE events_2025 ADD CONSTRAINT in_2025 CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID;\nALTER TABLE events_2025 VALIDATE CONSTRAINT in_2025;\nALTER TABLE events ATTACH PARTITION events_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');",
  },
  on: "partition scanned",
  judge: (effect) => {
    const { table, scanned, isDefault } = effect;
    if (!inUse(scanned)) return undefined;
    const [name, read] = [shown(table), shown(scanned)];
    const key = table.partitionBy?.columns.join(", ") ?? "key";
    return {
      message: isDefault
        ? `every row of the default partition ${read} is read to see that none belongs to the new one`
        : `every row of ${read} is read to see that it belongs to ${name}`,
      lock: { mode: "ACCESS EXCLUSIVE", until: "until the last row is read" },
      safe: {
        sql: [
          `ALTER TABLE ${read} ADD CONSTRAINT … CHECK (${isDefault ? "NOT " : ""}(${key} …)) NOT VALID;  -- the bound of the partition${isDefault ? "" : `; ${key} must be NOT NULL`}`,
          `ALTER TABLE ${read} VALIDATE CONSTRAINT …;  -- in another transaction, before ATTACH PARTITION`,
        ],
      },
      tables: [name, read],
    };
  },
});
