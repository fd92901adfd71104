/** What PostgreSQL believes of the size of tables. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { defineRelease } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("pglite");
});
afterEach(() => database.dispose());

it("counts a table with its partitions, and leaves out what is not known", async () => {
  const rows = (table: string, from: number, to: number) =>
    `INSERT INTO ${table} SELECT n FROM generate_series(${from}, ${to}) n`;
  for (const sql of [
    'CREATE TABLE "It\'s" (n int)',
    rows('"It\'s"', 1, 30),
    "CREATE TABLE never (n int)",
    rows("never", 1, 30),
    "CREATE SCHEMA archive",
    "CREATE TABLE archive.parted (n int) PARTITION BY RANGE (n)",
    "CREATE TABLE archive.low PARTITION OF archive.parted FOR VALUES FROM (0) TO (100)",
    "CREATE TABLE archive.rest PARTITION OF archive.parted DEFAULT",
    rows("archive.parted", 1, 250),
    'ANALYZE "It\'s", archive.parted',
  ])
    await database.query(sql);
  const { adapter } = database;
  const app = defineRelease({ app: "app", repos: { main: { adapter, migrations: {} } } });
  const asked = ["It's", "never", "archive.parted", "parted", "none"];
  const sizes = await app.tableSizes("main", asked);
  expect([...sizes].sort()).toEqual([
    ["It's", { rows: 30, bytes: 8192 }],
    ["archive.parted", { rows: 250, bytes: 16_384 }],
  ]);
  expect(await app.tableSizes("main", [])).toEqual(new Map());
});
