/** What a real server answers to each probe: before the statement, after it, and when it was cut off. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresDialect } from "../../src/adapters/postgres/index.ts";
import type { CatalogProbe } from "../../src/core/model/probe.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let client: pg.Client;
beforeAll(async () => {
  database = await freshDatabase();
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
  await client.query(
    "create table posts (title text); insert into posts values ('same'), ('same'); create type mood as enum ('sad')",
  );
});
afterAll(async () => {
  await client.end();
  await database.drop();
});

async function answer(probe: Omit<CatalogProbe, "expect">): Promise<unknown> {
  const { rows } = await client.query(postgresDialect.probeSql({ ...probe, expect: "present" }));
  return rows[0].state;
}

const posts = { name: "posts" };
const cases: [Omit<CatalogProbe, "expect">, string, string][] = [
  [{ kind: "table", name: { name: "Odd 'n" } }, `create table "Odd 'n" (id int)`, "present"],
  [{ kind: "view", name: { name: "v" } }, "create view v as select 1", "present"],
  [{ kind: "sequence", name: { name: "s" } }, "create sequence s", "present"],
  [{ kind: "type", name: { name: "kind" } }, "create type kind as enum ()", "present"],
  [{ kind: "schema", name: { name: "app" } }, "create schema app", "present"],
  [{ kind: "extension", name: { name: "plpgsql_no" } }, "select 1", "absent"],
  [
    { kind: "index", name: { name: "i" }, table: posts },
    "create index i on posts (title)",
    "present",
  ],
  [{ kind: "index", name: { name: "j" } }, "create index j on posts (title)", "present"],
  [
    { kind: "column", name: posts, part: "note" },
    "alter table posts add column note text",
    "present",
  ],
  [
    { kind: "enum_value", name: { name: "mood" }, part: "it's" },
    "alter type mood add value 'it''s'",
    "present",
  ],
  [
    { kind: "constraint", name: posts, part: "c" },
    "alter table posts add constraint c check (title <> '') not valid",
    "present",
  ],
  [
    { kind: "constraint", name: posts, part: "d" },
    "alter table posts add constraint d check (title <> '')",
    "validated",
  ],
];

it.each(cases)("%j", async (probe, sql, after) => {
  expect(await answer(probe)).toBe("absent");
  await client.query(sql);
  expect(await answer(probe)).toBe(after);
});

it("sees that a constraint was validated", async () => {
  await client.query("alter table posts validate constraint c");
  expect(await answer({ kind: "constraint", name: posts, part: "c" })).toBe("validated");
});

it("sees that a column was dropped", async () => {
  await client.query("alter table posts drop column note");
  expect(await answer({ kind: "column", name: posts, part: "note" })).toBe("absent");
});

it("sees the index that a failed build left, and the repair clears it away", async () => {
  const probe: CatalogProbe = {
    kind: "index",
    name: { name: "broken" },
    table: posts,
    expect: "present",
  };
  await expect(
    client.query("create unique index concurrently broken on posts (title)"),
  ).rejects.toThrow(/could not create unique index/);
  expect(await answer(probe)).toBe("broken");
  for (const { sql } of postgresDialect.repair(probe)) await client.query(sql);
  expect(await answer(probe)).toBe("absent");
});

it("does not take an index of another table for the one it looks for", async () => {
  await client.query(
    "create table app.posts (title text); create index elsewhere on app.posts (title); set search_path to app, public",
  );
  expect(
    await answer({
      kind: "index",
      name: { name: "elsewhere" },
      table: { name: "posts", prefix: "public" },
    }),
  ).toBe("absent");
  expect(await answer({ kind: "index", name: { name: "elsewhere" }, table: posts })).toBe(
    "present",
  );
});
