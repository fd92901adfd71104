/** The first page, on databases that hold something and on such that hold nothing. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { dashboard } from "../../src/dashboard/index.ts";
import { defineRelease } from "../../src/index.ts";
import { type DatabaseKind, databaseKinds, testDatabase } from "../support/databases.ts";

const url = "http://localhost/slipway/";
const at = (path: string) => new Request(`${url}${path}`);

const migrations = {
  "20210702012346_create_users": "create table users (id integer primary key)",
  "20210702012347_create_posts": "create table posts (id integer primary key)",
  "20210702012348_create_notes": "create table notes (id integer primary key)",
};

function releaseOf(adapter: Adapter) {
  const emit = () => undefined;
  return defineRelease({ app: "blog", repos: { main: { adapter, migrations } } }).using({ emit });
}

describe.each(databaseKinds)("the overview on %s", (kind: DatabaseKind) => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  beforeAll(async () => {
    database = await testDatabase(kind);
  });
  afterAll(() => database.dispose());

  it("says of a database that holds nothing what is pending, and makes no table", async () => {
    const pages = dashboard(releaseOf(database.adapter));
    const answer = await pages(at(""));
    const text = await answer.text();
    expect(answer.status).toBe(200);
    expect(text).toContain("<h1>3 migrations are pending</h1>");
    expect(text).toContain("create_users");
    expect(await everyTable(database, kind)).toEqual([]);
  });

  it("says what has run and who ran it", async () => {
    const release = releaseOf(database.adapter);
    await release.migrate({ step: 2 });
    const before = await everyTable(database, kind);
    const text = await (await dashboard(release)(at(""))).text();
    expect(text).toContain("<h1>1 migration is pending</h1>");
    expect(text).toMatch(/<strong>Applied<\/strong> .*create_posts/);
    expect(await everyTable(database, kind)).toEqual(before);
    await release.migrate();
    expect(await (await dashboard(release)(at(""))).text()).toContain(
      "<h1>Everything is up to date</h1>",
    );
  });
});

async function everyTable(
  { query }: Awaited<ReturnType<typeof testDatabase>>,
  kind: DatabaseKind,
): Promise<readonly unknown[]> {
  const sql =
    kind === "sqlite"
      ? "select name from sqlite_schema where type = 'table' order by 1"
      : "select relname as name from pg_class where relnamespace = 'public'::regnamespace order by 1";
  return (await query(sql)).map(({ name }) => name);
}
