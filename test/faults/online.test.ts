/** Statements that run beside readers and writers: no lock timeout, a deadline of their own, and no INVALID index left. */
import { defineMigration, defineRelease, isReleaseError } from "slipway";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import type { LockPolicySettings } from "../../src/core/model/lock-policy.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { ask, hold, until } from "./support/server.ts";

const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 4 });
afterAll(async () => {
  await pooler?.stop();
  await upstream.drop();
});

let database: FreshDatabase;
const held: { end(): Promise<void> }[] = [];
beforeEach(async () => {
  database = await freshDatabase();
  await ask(
    database.url,
    "create table posts (id int, title text); insert into posts select i, 'x' || i from generate_series(1, 100) i",
  );
});
afterEach(async () => {
  await Promise.all(held.splice(0).map((client) => client.end()));
  await database.drop();
});

async function open(sql: string) {
  const client = await hold(database.url, sql);
  held.push(client);
  return client;
}

function through(): string {
  const url = new URL(database.url);
  url.host = new URL(pooler?.url ?? database.url).host;
  return url.href;
}

const byTitle = {
  "1_index": defineMigration({
    change: (m) => m.createIndex("posts", ["title"], { concurrently: true }),
  }),
};

function releaseOf(
  migrations: typeof byTitle | { readonly [id: string]: string },
  { policy = {}, url = database.url }: { policy?: LockPolicySettings; url?: string } = {},
) {
  const { world, ...heard } = recorder();
  const main = { adapter: postgres({ url }), migrations, policy, safe: "off" } as const;
  return { release: defineRelease({ app: "blog", repos: { main } }).using(world), ...heard };
}

async function failure(work: Promise<unknown>) {
  try {
    await work;
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
  throw new Error("it did not fail");
}

/** Indexes with whether they are valid, and what history and journal say. */
async function truth(): Promise<string> {
  const [row] = await ask(
    database.url,
    `select (select coalesce(string_agg(relname || case when indisvalid then '' else ' INVALID' end, ',' order by relname), 'none') from pg_index join pg_class c on c.oid = indexrelid where indrelid = 'posts'::regclass)
      || '; history ' || (select count(*) from schema_migrations) || '; journal ' || (select count(*) from slipway_journal where direction <> 'plan') as it`,
  );
  return String(row?.it);
}

const building =
  "select pid from pg_stat_activity where query ilike 'create index concurrently%' and wait_event_type = 'Lock' and datname = current_database()";

/** The role's own timeouts, for connections that are made from now on. */
function roleHas(settings: string): Promise<unknown> {
  return ask(
    database.url,
    `do $$ begin execute format('alter database %I set ${settings}', current_database()); end $$`,
  );
}

describe("a concurrent build", () => {
  it("is not cut off by the timeouts of the role, and neither is the next migration", async () => {
    await roleHas("lock_timeout = ''100ms''");
    await roleHas("statement_timeout = ''400ms''");
    const writer = await open(
      "begin; set local statement_timeout = 0; insert into posts values (0, 'open')",
    );
    await new Promise((resolve) => setTimeout(resolve, 2_200));
    const { release, events } = releaseOf(byTitle);
    const run = release.migrate();
    await until(database.url, building);
    expect(events.find(({ type }) => type === "waits_for")).toMatchObject({
      operation: "create index posts_title_index",
      blockers: [{ application: "faults", state: "idle in transaction", perhaps: true }],
    });
    await new Promise((resolve) => setTimeout(resolve, 600));
    await writer.query("commit");
    await run;
    expect(await truth()).toBe("posts_title_index; history 1; journal 0");
    const { release: next } = releaseOf({ ...byTitle, "2_slow": "select pg_sleep(1)" });
    await next.migrate();
    expect(await truth()).toBe("posts_title_index; history 2; journal 0");
  });

  it.skipIf(pooler === undefined)(
    "is refused behind a pooler when the role has a lock timeout, before it runs, and goes the direct way",
    async () => {
      await roleHas("lock_timeout = ''100ms''");
      const { release } = releaseOf(byTitle, { url: through() });
      expect(await failure(release.migrate())).toMatchObject({
        code: "direct_url_needed",
        details: { reason: expect.stringMatching(/needs lock_timeout = 0 .* this role has 100/) },
      });
      expect(await truth()).toBe("none; history 0; journal 0");
      const direct = releaseOf(byTitle);
      await direct.release.migrate();
      expect(await truth()).toBe("posts_title_index; history 1; journal 0");
    },
  );

  it("is cancelled when its time is over; the next run clears away what is left and builds it", async () => {
    const writer = await open("begin; insert into posts values (0, 'open')");
    const { release, lines } = releaseOf(byTitle);
    const error = await failure(release.migrate({ policy: { onlineTimeoutMs: 700 } }));
    expect(error).toMatchObject({ code: "online_timed_out", exitCode: 1 });
    expect(error.message).toBe(
      'repo main: 1_index failed going up at "create index posts_title_index": it was cancelled after 700 ms',
    );
    expect(await truth()).toBe("posts_title_index INVALID; history 0; journal 1");
    await writer.query("commit");
    await release.migrate();
    expect(lines.join("\n")).toContain("clear away what the interrupted run left of:");
    expect(await truth()).toBe("posts_title_index; history 1; journal 0");
  });

  it("that finds a key twice says so and leaves no INVALID index", async () => {
    await ask(database.url, "insert into posts values (1, 'x1')");
    const unique = {
      "1_unique": "create unique index concurrently posts_title_index on posts (title)",
    };
    const { release, lines } = releaseOf(unique);
    const error = await failure(release.migrate());
    expect(error.message).toMatch(
      /could not create unique index .*\(Key \(title\)=\(x1\) is duplicated/,
    );
    expect(lines.join("\n")).toContain("clear away what is half made of: execute file 1_unique");
    expect(await truth()).toBe("none; history 0; journal 0");
    await ask(database.url, "delete from posts where ctid = (select max(ctid) from posts)");
    await release.migrate();
    expect(await truth()).toBe("posts_title_index; history 1; journal 0");
  });

  it("with IF NOT EXISTS does not pass over an INVALID index", async () => {
    await ask(
      database.url,
      "create index posts_title_index on posts (title); update pg_index set indisvalid = false where indexrelid = 'posts_title_index'::regclass",
    );
    const { release } = releaseOf({
      "1_index": "create index concurrently if not exists posts_title_index on posts (title)",
    });
    await release.migrate();
    expect(await truth()).toBe("posts_title_index; history 1; journal 0");
  });

  it("that was there before, INVALID, is not taken for its own failure", async () => {
    await ask(
      database.url,
      "create index posts_title_index on posts (title); update pg_index set indisvalid = false where indexrelid = 'posts_title_index'::regclass",
    );
    const { release } = releaseOf(byTitle);
    expect((await failure(release.migrate())).message).toMatch(/already exists/);
    expect(await truth()).toBe("posts_title_index INVALID; history 0; journal 1");
  });

  it("that ends in a deadlock is cleared away and built again in the same run", async () => {
    const writer = await open(
      "set deadlock_timeout = '60s'; begin; insert into posts values (0, 'open')",
    );
    const { release, events } = releaseOf({
      "1_index":
        "set deadlock_timeout = '2s';\ncreate index concurrently posts_title_index on posts (title)",
    });
    const run = release.migrate();
    await until(database.url, building);
    await writer.query("alter table posts add slug text");
    await writer.query("commit");
    await run;
    expect(events.filter(({ type }) => type === "blocked")).toMatchObject([
      { reason: "deadlock", attempt: 1 },
    ]);
    expect(await truth()).toBe("posts_title_index; history 1; journal 0");
  });
});

it("VALIDATE CONSTRAINT has no lock timeout, and its own deadline", async () => {
  await ask(
    database.url,
    "alter table posts add constraint short check (length(title) < 99) not valid",
  );
  const { release, events } = releaseOf({
    "1_validate": "alter table posts validate constraint short",
  });
  await release.migrate({ logMigratorSql: true });
  const sql = events.flatMap((event) => (event.type === "sql" ? [event.sql] : []));
  expect(sql.filter((text) => /SET LOCAL (lock|statement)_timeout/.test(text))).toEqual([
    "SET LOCAL lock_timeout = 0",
    "SET LOCAL statement_timeout = 21600000",
  ]);
});
