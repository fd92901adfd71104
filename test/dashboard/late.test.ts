/** A database that gives no answer: somebody has locked what a page reads. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { Reader } from "../../src/dashboard/reader.ts";
import { SharedConnection } from "../../src/dashboard/sharing.ts";
import { defineRelease } from "../../src/index.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";

let database: FreshDatabase;
let other: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  other = new pg.Client({ connectionString: database.url });
  await other.connect();
  await other.query("create table posts (id int)");
});
afterAll(async () => {
  await other?.end();
  await database?.drop();
});

it("ends the look, leaves nothing that waits on the server, and the next look reads again", async () => {
  const cost = { statements: 0 };
  const shared = new SharedConnection(postgres({ url: database.url }), cost, { patienceMs: 5_000 });
  const open = () => shared.adapter.open({ role: "work", application: "late test" });
  const read = async () => (await open()).query("select id from posts");
  await read();
  await shared.end();
  await other.query("begin; lock table posts in access exclusive mode");
  const session = await open();
  await expect(session.query("select id from posts")).rejects.toThrow(/gave no answer for 5 s/);
  const { statements } = cost;
  await expect(session.query("select 1")).rejects.toThrow(/gave no answer for 5 s/);
  await expect(open()).rejects.toThrow(/gave no answer for 5 s/);
  expect(cost.statements).toBe(statements);
  await expect.poll(() => waiting(), { timeout: 20_000 }).toEqual([]);
  await other.query("rollback");
  const next = async () => {
    await shared.end();
    return read().then(() => "read", String);
  };
  await expect.poll(next, { timeout: 60_000 }).toBe("read");
  await shared.close();
});

it("what a page asks on connections of its own is waited for as long, and no longer", async () => {
  const release = defineRelease({
    app: "late",
    repos: { main: { adapter: postgres({ url: database.url }), migrations: {} } },
  });
  const reader = new Reader(release, { patienceMs: 3_000 });
  await other.query("begin; lock table posts in access exclusive mode");
  const read = reader.read("own", async ({ own }) => {
    const session = await own.adapter("main").open({ role: "work", application: "late test" });
    return session.query("select id from posts");
  });
  await expect(read).rejects.toThrow(/gave no answer for 3 s/);
  await expect.poll(() => waiting(), { timeout: 20_000 }).toEqual([]);
  await other.query("rollback");
  await reader.close();
});

async function waiting(): Promise<readonly unknown[]> {
  await other.query("select pg_stat_clear_snapshot()");
  const { rows } = await other.query(
    "select query from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
  );
  return rows;
}
