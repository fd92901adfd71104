/** What the planner knows of a column goes with its type, on real servers too, and the safe form gathers it anew. */
import pg from "pg";
import { afterAll, describe, expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { startPostgres15 } from "../corpora/postgres-15.ts";
import { freshDatabase } from "../support/postgres.ts";

const parser = await neededParser("the test");
const eighteen = await freshDatabase();
const fifteen = await startPostgres15();
afterAll(async () => {
  await eighteen.drop();
  await fifteen?.stop();
});

const schema =
  "CREATE TABLE t (a int, c varchar(10), d text, n numeric(10, 2)); CREATE STATISTICS s ON a, c FROM t; CREATE STATISTICS u ON a, d FROM t;";
const rows =
  "INSERT INTO t SELECT i % 10, i % 10, i, i FROM generate_series(1, 1000) i; ANALYZE t;";
const all = ["a", "c", "d", "n", "statistics s", "statistics u"];

/** The statement, and what is lost of what the planner knew. */
const cases: readonly (readonly [sql: string, lost: readonly string[]])[] = [
  ["ALTER TABLE t ALTER c TYPE varchar(20)", ["c", "statistics s"]],
  ["ALTER TABLE t ALTER c TYPE varchar(10)", ["c", "statistics s"]],
  ["ALTER TABLE t ALTER d TYPE varchar, ALTER n TYPE numeric(12, 2)", ["d", "n", "statistics u"]],
  ["ALTER TABLE t ALTER c TYPE text; ANALYZE t", []],
  ["BEGIN; ALTER TABLE t ALTER n TYPE numeric; ANALYZE t (n); COMMIT", []],
  ["ALTER TABLE t ALTER n TYPE numeric; VACUUM (ANALYZE) t", []],
  ["ALTER TABLE t ALTER n TYPE numeric; ANALYZE t (c)", ["n"]],
  ["ALTER TABLE t ALTER n TYPE numeric; VACUUM t", ["n"]],
  ["ALTER TABLE t ALTER n SET STATISTICS 500", []],
];

const found = (sql: string, major: number) =>
  judge([{ name: "x", statements: parser.statements(sql), inTransaction: false }], {
    ...{ ...parser, base: parser.statements(schema), server: { major } },
  }).filter(({ rule }) => rule === "statistics-lost");

const places = [
  { major: 18, url: eighteen.url },
  ...(fifteen === undefined ? [] : [{ major: 15, url: fifteen.url }]),
];

describe.each(places)("PostgreSQL $major", ({ major, url }) => {
  async function known(sql: string): Promise<readonly string[]> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    try {
      await client.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
      await client.query(schema + rows);
      for (const { text } of parser.statements(sql)) await client.query(text);
      const { rows: seen } = await client.query(
        "SELECT attname AS it FROM pg_stats WHERE tablename = 't' UNION ALL SELECT 'statistics ' || statistics_name FROM pg_stats_ext WHERE tablename = 't' ORDER BY 1",
      );
      return seen.map(({ it }) => String(it));
    } finally {
      await client.end();
    }
  }

  it.each(cases)("%s", async (sql, lost) => {
    expect(await known(sql)).toEqual(all.filter((one) => !lost.includes(one)));
    const said = found(sql, major);
    const columns = lost.filter((one) => !one.startsWith("statistics"));
    expect(said.map(({ message }) => / of (\w+) of t/.exec(message)?.[1])).toEqual(columns);
    const extended = lost.filter((one) => one.startsWith("statistics"));
    for (const name of extended) expect(said.map(({ message }) => message).join()).toContain(name);
    const [first] = said;
    if (first === undefined) return;
    expect(await known(first.safe!.sql.join("\n"))).toEqual(all);
  });
});

describe("over several files", () => {
  const files = (...sqls: readonly string[]) =>
    judge(
      sqls.map((sql, i) => ({
        ...{ name: String(i), statements: parser.statements(sql), inTransaction: true },
      })),
      { ...parser, base: parser.statements(schema), server: { major: 18 }, eachIsARun: true },
    ).filter(({ rule }) => rule === "statistics-lost");
  const change = "ALTER TABLE t ALTER n TYPE numeric, ALTER d TYPE varchar";

  it("an ANALYZE in a file behind the change makes good what was lost", () => {
    expect(files(change, "ANALYZE t")).toEqual([]);
  });

  it("what no later file analyzes is told where it was lost", () => {
    const said = files("SELECT 1", change, "ANALYZE t (n)", "ALTER TABLE t RENAME TO u");
    expect(said.map(({ script, statement, tables }) => ({ script, statement, tables }))).toEqual([
      { script: 1, statement: 0, tables: ["t"] },
    ]);
    expect(said[0]?.message).toContain(" of d of t");
  });

  it("an ANALYZE before the change does not", () => {
    expect(files("ANALYZE t", change)).toHaveLength(2);
  });
});
