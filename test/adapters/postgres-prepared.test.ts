/** Statements of ours that the server keeps for a connection, and what happens when it has them no more. */
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { Session } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { plain, type Statement } from "../../src/core/model/statement.ts";
import { defineRelease } from "../../src/index.ts";
import { countingProxy } from "../support/counting-proxy.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { whileLocked } from "../support/while-locked.ts";

let database: FreshDatabase;
let watch: Session;

beforeAll(async () => {
  database = await freshDatabase();
  watch = await postgres({ url: database.url }).open({ role: "work", application: "watch" });
});
beforeEach(async () => {
  await watch.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
});
afterAll(async () => {
  await watch.close();
  await database.drop();
});

const names = ["101_one", "102_two", "103_three", "104_four", "105_five"];

async function migrate(url: string, sqlOf: (name: string) => string): Promise<void> {
  const migrations = Object.fromEntries(names.map((name) => [name, sqlOf(name)]));
  const repos = { main: { adapter: postgres({ url }), migrations, dataMigrations: {} } };
  await defineRelease({ app: "app", repos }).using(recorder().world).migrate();
}

const table = (name: string) => `CREATE TABLE t${name} (id bigint)`;

async function rows(): Promise<readonly unknown[]> {
  const [history, events] = await Promise.all(
    [
      "SELECT version::text, name, duration_ms IS NOT NULL AS timed FROM schema_migrations ORDER BY 1",
      "SELECT version::text, name, result FROM slipway_events ORDER BY id",
    ].map((sql) => watch.query(sql)),
  );
  return [history, events];
}

const written = names.map((name) => name.split("_") as [string, string]);
const expected = [
  written.map(([version, name]) => ({ version, name, timed: true })),
  written.map(([version, name]) => ({ version, name, result: "applied" })),
];

it("from the second transaction on they are sent by their names, which costs half of the bytes", async () => {
  const proxy = await countingProxy(database.url);
  const { bytes } = await proxy.count(() => migrate(proxy.url, table));
  await watch.query("DROP SCHEMA public CASCADE; CREATE SCHEMA public");
  const again = await proxy.count(() =>
    migrate(proxy.url, (name) => `${table(name)}; DEALLOCATE ALL`),
  );
  await proxy.stop();
  expect(bytes).toBeLessThan(again.bytes - 4 * 600);
  expect(await rows()).toEqual(expected);
});

const takers: readonly (readonly [string, string])[] = [
  ["DEALLOCATE ALL", "DEALLOCATE ALL"],
  ["DEALLOCATE in a function", "DO $$ BEGIN EXECUTE 'DEALL' || 'OCATE ALL'; END $$"],
  ["a search path", "SET search_path = pg_catalog"],
  ["another role", "SET ROLE pg_monitor"],
];

it.each(takers)("%s in a migration does not keep it from being recorded, once", async (_, sql) => {
  await migrate(database.url, (name) => `${table(name)}; ${sql}`);
  expect(await rows()).toEqual(expected);
});

it("a migration that runs a statement that is not there fails by its own error", async () => {
  const run = migrate(database.url, (name) =>
    name === "104_four" ? "EXECUTE nobody_made_this" : table(name),
  );
  await expect(run).rejects.toThrow(/prepared statement "nobody_made_this" does not exist/);
  expect((await watch.query("SELECT count(*)::int AS n FROM schema_migrations"))[0]).toEqual({
    n: 3,
  });
});

it("through a pooler in transaction mode none is made", async ({ skip }) => {
  const pooler = await startPgbouncer(database.url, { poolSize: 3 });
  if (pooler === undefined) return skip();
  const url = new URL(database.url);
  url.host = new URL(pooler.url).host;
  try {
    await migrate(
      url.href,
      (name) => `${table(name)}; INSERT INTO t${name} SELECT count(*) FROM pg_prepared_statements`,
    );
    expect(await rows()).toEqual(expected);
    const kept = await watch.query(
      names.map((name) => `SELECT id::int FROM t${name}`).join(" UNION ALL "),
    );
    expect(kept).toEqual(names.map(() => ({ id: 0 })));
  } finally {
    await pooler.stop();
  }
});

it("the proof of a lock that was lost fails also by its name, in words of ours", async () => {
  const adapter = postgres({ url: database.url });
  const [old, young] = await Promise.all(
    [1, 2].map(() => adapter.open({ role: "work", application: "slipway test" })),
  );
  if (old === undefined || young === undefined) throw new Error("none was opened");
  try {
    const history = { name: "history" };
    const fence = await whileLocked(
      adapter,
      "a",
      async () => await old.takeFence?.({ name: "a", history }),
    );
    const proven = (sql: string): readonly Statement[] => [
      plain("BEGIN"),
      ...(fence?.proof ?? []),
      plain(sql),
      plain("COMMIT"),
    ];
    await old.execute(proven("CREATE TABLE first ()"));
    await old.execute(proven("CREATE TABLE second ()"));
    const [kept] = await old.query("SELECT count(*)::int AS n FROM pg_prepared_statements");
    expect(kept).toEqual({ n: 1 });
    await whileLocked(adapter, "a", async () => await young.takeFence?.({ name: "a", history }));
    await expect(old.execute(proven("CREATE TABLE third ()"))).rejects.toThrow(
      /^the migration lock was lost: another process has taken it$/,
    );
    await old.query("ROLLBACK");
    const made = await watch.query(
      "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'slipway_lock' ORDER BY 1",
    );
    expect(made).toEqual([{ tablename: "first" }, { tablename: "second" }]);
  } finally {
    await old.close();
    await young.close();
  }
});
