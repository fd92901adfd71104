/** Partitions attached, detached and made. */
import type { Case, CaseOptions } from "./case.ts";

const bound = "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')";
const attach = `ALTER TABLE events ATTACH PARTITION events_2025 ${bound}`;
const withDefault = (check = ""): CaseOptions => ({
  schema: `CREATE TABLE events (id bigint NOT NULL, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE events_other PARTITION OF events DEFAULT; ALTER TABLE events_other ADD CONSTRAINT own CHECK (${check || "id > 0"}); CREATE TABLE events_2025 (id bigint NOT NULL, at date NOT NULL, CHECK (at >= '2025-01-01' AND at < '2026-01-01'));`,
});
const byList = (check: string): CaseOptions => ({
  schema: `CREATE TABLE sales (region text NOT NULL) PARTITION BY LIST (region); CREATE TABLE sales_eu (region text NOT NULL, CHECK (${check}));`,
});

// biome-ignore format: one case a line
export const partitions: readonly Case[] = [
  ["attached without a proof", attach, ["attach-partition-scan"]],
  ["attached with a proof", `ALTER TABLE events_2025 ADD CONSTRAINT k CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID; ALTER TABLE events_2025 VALIDATE CONSTRAINT k; ${attach}; ALTER TABLE events_2025 DROP CONSTRAINT k;`, []],
  ["attached with a proof that is narrower", `ALTER TABLE events_2025 ADD CONSTRAINT k CHECK (at >= '2025-02-01' AND at < '2025-03-01') NOT VALID; ALTER TABLE events_2025 VALIDATE CONSTRAINT k; ${attach};`, []],
  ["attached with a proof that is wider", `ALTER TABLE events_2025 ADD CONSTRAINT k CHECK (at >= '2024-02-01' AND at < '2026-01-01') NOT VALID; ALTER TABLE events_2025 VALIDATE CONSTRAINT k; ${attach};`, ["attach-partition-scan"]],
  ["attached with a proof that is not valid", `ALTER TABLE events_2025 ADD CONSTRAINT k CHECK (at >= '2025-01-01' AND at < '2026-01-01') NOT VALID; ${attach};`, ["attach-partition-scan"]],
  ["attached with a proof, the key may be NULL", attach, ["attach-partition-scan"], { schema: "CREATE TABLE events (at date) PARTITION BY RANGE (at); CREATE TABLE events_2025 (at date, CHECK (at >= '2025-01-01' AND at < '2026-01-01'));" }],
  ["attached with a proof that says NOT NULL too", attach, [], { schema: "CREATE TABLE events (at date) PARTITION BY RANGE (at); CREATE TABLE events_2025 (at date, CHECK (at IS NOT NULL AND at >= '2025-01-01' AND at < '2026-01-01'));" }],
  ["a new table attached", `CREATE TABLE n (id bigint NOT NULL, at date NOT NULL); ALTER TABLE events ATTACH PARTITION n ${bound};`, []],
  ["a table made LIKE the parent, attached", `CREATE TABLE n (LIKE events INCLUDING ALL); ALTER TABLE events ATTACH PARTITION n ${bound};`, []],
  ["a partition made of the parent", `CREATE TABLE n PARTITION OF events ${bound}`, []],
  ["a partition made beside a default", `CREATE TABLE n PARTITION OF events ${bound}`, ["attach-partition-scan"], withDefault()],
  ["a partition made beside a default with a proof", `CREATE TABLE n PARTITION OF events ${bound}`, [], withDefault("at < '2025-01-01' OR at >= '2026-01-01'")],
  ["a partition made beside a default with a negated proof", `CREATE TABLE n PARTITION OF events ${bound}`, [], withDefault("NOT (at >= '2025-01-01' AND at < '2026-01-01')")],
  ["attached beside a default", attach, ["attach-partition-scan"], withDefault()],
  ["attached beside a default with a proof", attach, [], withDefault("NOT (at >= '2025-01-01' AND at < '2026-01-01')")],
  ["a new default partition", "CREATE TABLE n PARTITION OF events DEFAULT", []],
  ["attached by list without a proof", "ALTER TABLE sales ATTACH PARTITION sales_eu FOR VALUES IN ('de', 'fr')", ["attach-partition-scan"], byList("region <> ''")],
  ["attached by list with a proof", "ALTER TABLE sales ATTACH PARTITION sales_eu FOR VALUES IN ('de', 'fr')", [], byList("region IN ('de', 'fr')")],
  ["attached by list with a proof by ANY", "ALTER TABLE sales ATTACH PARTITION sales_eu FOR VALUES IN ('de', 'fr')", [], byList("region = ANY (ARRAY['de', 'fr'])")],
  ["attached by list with a proof of one value", "ALTER TABLE sales ATTACH PARTITION sales_eu FOR VALUES IN ('de')", [], byList("region = 'de'")],
  ["attached by list with a proof of other values", "ALTER TABLE sales ATTACH PARTITION sales_eu FOR VALUES IN ('de')", ["attach-partition-scan"], byList("region IN ('de', 'fr')")],
  ["detached", "ALTER TABLE events DETACH PARTITION events_2024", ["detach-partition-not-concurrent"]],
  ["detached concurrently", "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY", [], { version: 14 }],
  ["detached concurrently in a transaction", "ALTER TABLE events DETACH PARTITION events_2024 CONCURRENTLY", ["concurrently-in-transaction"], { inTransaction: true }],
  ["detached concurrently beside a default", "ALTER TABLE events DETACH PARTITION events_other CONCURRENTLY", ["will-fail"], withDefault()],
  ["detach finalized", "ALTER TABLE events DETACH PARTITION events_2024 FINALIZE", []],
  ["detached from a new table", "CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); ALTER TABLE p DETACH PARTITION p1;", []],
  ["a column of a partitioned table", "ALTER TABLE events ADD COLUMN x int", []],
  ["a check of a partitioned table", "ALTER TABLE events ADD CONSTRAINT k CHECK (id > 0)", ["add-check-scan"]],
  ["a new partitioned table with partitions", "CREATE TABLE p (k int) PARTITION BY RANGE (k); CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (2); CREATE TABLE pd PARTITION OF p DEFAULT; CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (2) TO (3);", []],
  ["a partition dropped", "DROP TABLE events_2024", ["drop-table"]],
];
