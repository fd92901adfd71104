/** REINDEX CONCURRENTLY that is tried again, with a real deadlock in the middle: no `_ccnew` is left behind. */
import { defineRelease, isReleaseError } from "slipway";
import { afterEach, beforeEach, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { LockPolicySettings } from "../../src/core/model/lock-policy.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { figuresOf } from "./support/figures.ts";
import { activeSql, ask, hold, until } from "./support/server.ts";

const figures = figuresOf("reindex");
const long = "an_index_whose_name_is_so_long_that_the_server_cuts_it_off_here";

let database: FreshDatabase;
const held: { end(): Promise<void> }[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  await ask(
    database.url,
    `create schema app; create table app.posts (id int primary key, title text); create index titles on app.posts (title); create index ${long} on app.posts (lower(title)); insert into app.posts select i, 'x' || i from generate_series(1, 100) i; create index ids_ccnew on app.posts (id)`,
  );
});
afterEach(async () => {
  await Promise.all(held.splice(0).map((client) => client.end()));
  await database.drop();
});

function releaseOf(sql: string, policy: LockPolicySettings = {}) {
  const { world, ...heard } = recorder();
  const migrations = { "1_again": sql };
  const main = {
    adapter: postgres({ url: database.url }),
    migrations,
    policy,
    safe: "off",
  } as const;
  return { release: defineRelease({ app: "blog", repos: { main } }).using(world), ...heard };
}

const waiting = `${activeSql} and query ilike '%reindex%' and wait_event_type = 'Lock'`;

/** Who writes, and then wants what the rebuild holds: the server ends the rebuild, whose wait began first. */
async function deadlock(): Promise<void> {
  const writer = await hold(
    database.url,
    "set deadlock_timeout = '1h'; begin; update app.posts set title = 'new' where id = 1",
  );
  held.push(writer);
  await until(database.url, waiting);
  await writer.query("lock table app.posts in share update exclusive mode; rollback");
}

/** Indexes that are there, the broken ones marked. */
async function indexes(): Promise<readonly string[]> {
  const rows = await ask(
    database.url,
    "select c.relname || case when indisvalid then '' else ' INVALID' end as it from pg_index i join pg_class c on c.oid = indexrelid where indrelid = 'app.posts'::regclass or c.relname like 'pg_toast%ccnew%' order by 1",
  );
  return rows.map(({ it }) => String(it));
}

const whole = [long, "ids_ccnew", "posts_pkey", "titles"];

it.each([
  ["an index", "reindex index concurrently app.titles"],
  ["an index whose name is cut off", `reindex index concurrently app.${long}`],
  ["all of a table", "reindex (verbose, concurrently) table app.posts"],
  ["all of a schema", "reindex schema concurrently app"],
  [
    "an index that only the search_path finds",
    "set search_path = app; reindex index concurrently titles",
  ],
])("%s, after a deadlock", { timeout: 60_000 }, async (what, sql) => {
  const { release, events } = releaseOf(sql);
  const [running] = await Promise.all([release.migrate(), deadlock()]);
  expect(running).toMatchObject([{ repo: "main" }]);
  const tries = events.filter((event) => event.type === "blocked");
  expect(tries).toMatchObject([{ reason: "deadlock", attempt: 1 }]);
  figures.must(`${what}: left behind`, (await indexes()).length - whole.length, 0);
  expect(await indexes()).toEqual(whole);
});

it("what a run that was stopped has left, the next run clears away", {
  timeout: 60_000,
}, async () => {
  held.push(await hold(database.url, "begin; update app.posts set title = 'new' where id = 1"));
  const sql = "reindex table concurrently app.posts";
  const failed = await releaseOf(sql, { onlineTimeoutMs: 500 })
    .release.migrate()
    .catch((error: unknown) => error);
  expect(isReleaseError(failed) && failed.code).toBe("online_timed_out");
  expect(await indexes()).toContain("titles_ccnew INVALID");
  await held.pop()?.end();
  const { release, lines } = releaseOf(sql);
  await release.migrate();
  expect(lines.join("\n")).toContain("clear away what the interrupted run left of");
  figures.must("stopped, run again: left behind", (await indexes()).length - whole.length, 0);
  expect(await indexes()).toEqual(whole);
});

it("what a row keeps from being built is cleared away at once", async () => {
  await ask(
    database.url,
    "create function app.checked(t text) returns text immutable language plpgsql as $$ begin if t = 'bad' then raise 'bad'; end if; return t; end $$; create index checks on app.posts (app.checked(title)) where id > 0; create or replace function app.checked(t text) returns text immutable language plpgsql as $$ begin raise 'never'; end $$",
  );
  const { release } = releaseOf("reindex index concurrently app.checks");
  const failed = await release.migrate().catch((error: unknown) => error);
  expect(isReleaseError(failed) && failed.code).toBe("migration_failed");
  expect(await indexes()).toEqual(["checks", ...whole].sort());
});
