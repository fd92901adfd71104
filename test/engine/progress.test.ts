/** How far a long statement is: seen by a connection that is for nothing else, and that nobody waits for. */
import { defineRelease, type RunEvent } from "slipway";
import { afterAll, afterEach, beforeEach, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { startProxy } from "../faults/support/proxy.ts";
import { ask, hold } from "../faults/support/server.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";

type Progress = Extract<RunEvent, { type: "statement_progress" }>;

const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 4 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
});

const maria = await mariadbOfRun();

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

/** Each row of the index takes five milliseconds, so the build of 1,100 takes more than five seconds, on any machine. */
const slowTable = `
  create function slow(i int) returns int immutable language plpgsql as $$ begin perform pg_sleep(0.005); return i; end $$;
  create table posts (id int, title text);
  insert into posts select i, repeat('x', 500) from generate_series(1, 1100) i`;

type Given = { readonly adapter?: Adapter; readonly hears?: (event: Progress) => void };

async function migrate(
  sql: string,
  { adapter = postgres({ url: database.url }), hears = ignore }: Given = {},
): Promise<readonly Progress[]> {
  const { world } = recorder();
  const said: Progress[] = [];
  const emit = (event: RunEvent) => {
    if (event.type !== "statement_progress") return;
    said.push(event);
    hears(event);
  };
  const main = { adapter, migrations: { "1_long": sql }, safe: "off" } as const;
  await defineRelease({ app: "blog", repos: { main } })
    .using({ ...world, emit })
    .migrate();
  return said;
}

function ignore(_: Progress): void {}

function through(): string {
  const url = new URL(database.url);
  url.host = new URL(pooler?.url ?? database.url).host;
  return url.href;
}

it.each([
  ["direct", () => database.url],
  ["through PgBouncer", through],
])("says how much of an index is built, %s", async (_, url) => {
  await ask(database.url, slowTable);
  const said = await migrate("create index posts_slow on posts (slow(id))", {
    adapter: postgres({ url: url() }),
  });
  const [first] = said;
  expect(first).toMatchObject({
    ...{ migration: { repo: "main", version: "1", name: "long" }, on: "posts" },
    phase: "building index: scanning table",
  });
  expect(first?.elapsedMs).toBeGreaterThanOrEqual(3_000);
  const shares = said.flatMap(({ share = 0, phase = "" }) =>
    phase.includes("scanning") ? [share] : [],
  );
  expect(shares.length).toBeGreaterThan(1);
  expect(shares).toEqual(shares.toSorted((a, b) => a - b));
  expect(shares.at(-1)).toBeGreaterThan(shares[0] ?? 1);
});

it("names who is in the way of a concurrent build while it waits, and is not waited for itself", async () => {
  await ask(database.url, "create table posts (id int, title text)");
  const writer = await hold(database.url, "begin; insert into posts values (1, 'x')");
  const said = await migrate("create index concurrently posts_title on posts (title)", {
    hears: () => void writer.end(),
  });
  const [first] = said;
  expect(first?.wait?.blockers).toMatchObject([{ state: "idle in transaction" }]);
  expect(first?.phase).toBe("waiting for writers before build");
});

/** Opens the first connections at the server, and each later one where nobody answers. */
function silentFrom(count: number, silent: string): Adapter {
  const [here, nowhere] = [postgres({ url: database.url }), postgres({ url: silent })];
  let opened = 0;
  return { ...here, open: (options) => (++opened > count ? nowhere : here).open(options) };
}

it("a connection that nobody answers keeps neither the time from being said nor the run from its end", async () => {
  const proxy = await startProxy(database.url);
  proxy.cut();
  try {
    const adapter = silentFrom(2, proxy.url);
    const said = await migrate("select pg_sleep(6)", { adapter });
    expect(said.length).toBeGreaterThan(1);
    for (const { phase, wait, ...known } of said)
      expect([phase, wait, known.operations]).toEqual([
        undefined,
        undefined,
        ["select pg_sleep(6)"],
      ]);
  } finally {
    await proxy.stop();
  }
});

it("says nothing of what is short, and opens no connection for it", async () => {
  const said = await migrate("create table posts (id int); select pg_sleep(1)");
  expect(said).toEqual([]);
});

it.skipIf(maria === undefined)("says what MariaDB is busy with", async () => {
  const mine = await freshMysql(maria?.url ?? "");
  try {
    const said = await migrate("do sleep(4.5)", { adapter: mine.adapter });
    expect(said[0]).toMatchObject({ operations: ["do sleep(4.5)"], phase: "User sleep" });
  } finally {
    await mine.dispose();
  }
});
