/** Findings by a file of facts: partitions count together, a file may be wrong, and thousands of tables cost little. */
import { expect, it } from "vitest";
import { byFacts } from "../../src/check/by-facts.ts";
import type { PlacedWork } from "../../src/check/check-history.ts";
import type { Finding } from "../../src/check/finding.ts";
import type { MeasuredTable } from "../../src/core/model/database-facts.ts";
import type { RepoFacts } from "../../src/core/model/production-facts.ts";
import { Catalog } from "../../src/core/safety/effects/catalog.ts";
import { knowPublications } from "../../src/core/safety/effects/publications.ts";

function facts(tables: readonly MeasuredTable[]): RepoFacts {
  return {
    ...{ database: "PostgreSQL", rules: "postgres", applied: [], tables },
    server: { version: "18.4", major: 18, settings: {} },
    ...{ indexes: [], publications: [], subscriptions: [], replicas: [], unknown: [] },
  };
}

const finding = (table: string): Finding => ({
  ...{ rule: "index-not-concurrent", tier: "core", file: "a.sql", line: 1, statement: "x" },
  ...{ message: "m", severity: "high", tables: [table], source: "s" },
});
const work = (table: string): PlacedWork => ({
  ...{ does: "index", table, waits: "writers", passes: 1, file: "a.sql", line: 1, statement: "x" },
});
const judged = (table: string, of: RepoFacts) =>
  byFacts(
    { findings: [finding(table)], answered: [], works: [work(table)], pathKnown: new Set() },
    of,
  );

const million = { rows: 1_000_000, bytes: 2 ** 30, indexBytes: 2 ** 26 };

it("a partitioned table is as large as its partitions and theirs together", () => {
  const tables: readonly MeasuredTable[] = [
    { name: "logs", kind: "partitioned" },
    { name: "logs_1", kind: "table", partitionOf: "logs", ...million },
    { name: "logs_2", kind: "partitioned", partitionOf: "logs" },
    { name: "logs_2_1", kind: "table", partitionOf: "logs_2", ...million },
  ];
  const found = judged("logs", facts(tables));
  expect(found.findings).toMatchObject([
    { severity: "high", rows: 2_000_000, forecast: { rows: 2_000_000, readBytes: 2 ** 31 } },
  ]);
  expect(judged("logs_2", facts(tables)).findings).toMatchObject([{ rows: 1_000_000 }]);
});

it("one that was never analyzed may be large, one with a short file is small, and one that nobody knows is large", () => {
  const tables: readonly MeasuredTable[] = [
    { name: "unknown", kind: "table", bytes: 2 ** 30 },
    { name: "short", kind: "table", bytes: 8_192 },
  ];
  expect(judged("unknown", facts(tables))).toMatchObject({
    findings: [{ severity: "high" }],
    notes: [],
  });
  expect(judged("other", facts(tables))).toMatchObject({
    findings: [{ severity: "high" }],
    forecasts: [],
  });
  expect(judged("short", facts(tables))).toMatchObject({
    findings: [],
    notes: [{ code: "few_rows" }],
  });
});

it("a file that says that a table is its own partition ends", () => {
  const tables: readonly MeasuredTable[] = [
    { name: "a", kind: "table", partitionOf: "b", ...million },
    { name: "b", kind: "table", partitionOf: "a", ...million },
  ];
  const wrong = facts(tables);
  expect(judged("a", wrong).findings).toMatchObject([{ rows: 2_000_000 }]);
  const publication = {
    name: "p",
    allTables: false,
    publishes: ["insert"],
    tables: [{ table: "a" }],
  };
  const catalog = new Catalog({ complete: true });
  knowPublications({ ...wrong, publications: [publication] }, catalog);
  expect([...(catalog.publications.get("p")?.byName.keys() ?? [])]).toEqual(["a", "b"]);
});

it("costs as much as there are tables and statements, and no more", () => {
  const tables = Array.from({ length: 20_000 }, (_, i): MeasuredTable => {
    return { name: `t${i}`, kind: "table", ...million };
  });
  const works = tables.map(({ name }) => work(name));
  const begun = performance.now();
  const { forecasts } = byFacts(
    { findings: [], answered: [], works, pathKnown: new Set() },
    facts(tables),
  );
  expect(forecasts).toHaveLength(20_000);
  // Each with each would be 400 million steps.
  expect(performance.now() - begun).toBeLessThan(5_000);
});

it("a name without a schema is the largest table of that name, where no migration says the path", () => {
  const tables: readonly MeasuredTable[] = [
    { name: "a", kind: "table", rows: 10, bytes: 8_192 },
    { name: "tenant.a", kind: "table", ...million },
    { name: "other.b", kind: "table", ...million },
  ];
  const found = judged("a", facts(tables));
  expect(found.findings).toMatchObject([{ severity: "high", rows: 1_000_000, tables: ["a"] }]);
  expect(found.forecasts).toMatchObject([{ rows: 1_000_000 }]);
  expect(found.notes).toMatchObject([
    {
      code: "schema_unknown",
      message:
        "line 1: a is taken to be tenant.a, the largest of that name, because the migration does not say the schema",
    },
  ]);
  const said = { ...finding("a"), statement: 'CREATE INDEX ON "public"."a" (n)' };
  const one = { findings: [said], answered: [], works: [] };
  expect(byFacts({ ...one, pathKnown: new Set() }, facts(tables)).notes).toMatchObject([
    { code: "few_rows" },
  ]);
  const known = {
    findings: [finding("a")],
    answered: [],
    works: [],
    pathKnown: new Set(["a.sql:1"]),
  };
  expect(byFacts(known, facts(tables)).notes).toMatchObject([{ code: "few_rows" }]);
});
