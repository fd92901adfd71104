/** The schema of SQLite is read before and after each run, so what a table more costs must not grow with the tables. */
import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import type { Row } from "../../src/adapters/adapter.ts";
import { sqliteCatalogAccess } from "../../src/adapters/sqlite/sqlite-catalog-access.ts";

it("no part of the query is asked again for each object", async () => {
  const database = new DatabaseSync(":memory:");
  database.exec(`CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT);
CREATE INDEX posts_title ON posts (title);
CREATE VIRTUAL TABLE words USING fts5 (word);`);
  const asked: string[] = [];
  const catalog = await sqliteCatalogAccess.read(async (sql) => {
    asked.push(sql);
    return database.prepare(sql).all() as Row[];
  });
  expect(catalog.objects.map(({ id }) => id)).toEqual([
    "index posts_title",
    "table posts",
    "table words",
  ]);
  expect(asked).toHaveLength(1);
  const plan = database.prepare(`EXPLAIN QUERY PLAN ${asked[0]}`).all();
  const details = plan.map(({ detail }) => String(detail));
  expect(details.join("\n")).toMatch(/LIST SUBQUERY/);
  expect(details.filter((detail) => /CORRELATED/.test(detail))).toEqual([]);
  database.close();
});
