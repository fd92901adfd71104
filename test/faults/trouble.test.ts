/** A network, a login, a pooler, a clock and a memory that are not as they should be, in the middle of a run. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { type Ground, proveOnce } from "./support/backfill-storm.ts";
import { type BackfillScenario, numbersSql } from "./support/backfills.ts";
import { figuresOf, full } from "./support/figures.ts";
import { startProxy } from "./support/proxy.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, truth, until } from "./support/server.ts";
import { type ChildSettings, run, start } from "./support/start.ts";

const figures = figuresOf("trouble");
const limit = full ? 600_000 : 180_000;
const upstream = await freshDatabase();
const shortLived = await startPgbouncer(upstream.url, { serverLifetime: 1 });
afterAll(async () => {
  await shortLived?.stop();
  await upstream.drop();
});

let database: FreshDatabase;
beforeEach(async () => {
  database = await freshDatabase();
});
afterEach(() => database.drop());

const settings = (
  scenario: Scenario | BackfillScenario,
  more: Partial<ChildSettings> = {},
): ChildSettings => ({ kind: "postgres", address: database.url, scenario, ...more });

const held = "tables one,three,two; invalid 0; history 1,2,3; journal none";

/** The table of the backfills, with so many rows, and how its processes are started. */
async function ground(
  scenario: BackfillScenario,
  rows: number,
  more: Partial<ChildSettings> = {},
): Promise<Ground> {
  for (const sql of numbersSql(rows).split("; ")) await ask(database.url, sql);
  return {
    settings: settings(scenario, more),
    query: (sql) => ask(database.url, sql),
    hurry: async () => void (await ask(database.url, "update slowness set seconds = 0")),
  };
}

describe("50 ms on the way of each message", { timeout: limit }, () => {
  const far = async (work: (url: string) => Promise<void>) => {
    const proxy = await startProxy(database.url, { delayMs: 50 });
    try {
      await work(proxy.url);
    } finally {
      await proxy.stop();
    }
  };

  it("a short lease is kept all the same, and everything runs once", () =>
    far(async (address) => {
      await ask(database.url, "create table ran (version int)");
      // Each hello takes a third of this lease, and there and back takes a third of that; busy cores need more.
      const leaseMs = full ? 1_000 : 3_000;
      const ran = await run(settings("freeze", { address, leaseMs }), ["migrate"]);
      expect(ran.stderr).not.toContain("lost");
      figures.must("50 ms: exit code", ran.code ?? -1, 0);
      const [rows] = await ask(
        database.url,
        "select string_agg(version::text, ',') as it from ran",
      );
      figures.must("50 ms: what ran", String(rows?.it), "1,2,4");
      const after = "tables ran,two; invalid 0; history 1,2,3,4; journal ";
      figures.must("50 ms: truth", await truth(database.url), after);
    }));

  it("a backfill changes each row once", () =>
    far(async (address) => {
      const place = await ground("countEffect", full ? 400 : 8, { address });
      expect(await run(place.settings, ["migrate-data"])).toMatchObject({ code: 0 });
      await proveOnce(place, figures, { name: "50 ms, effect", faults: 1 });
    }));

  it("SIGTERM cancels on the server, and ends in time", () =>
    far(async (address) => {
      const child = await start(settings("sleep", { address }), ["migrate"]);
      await until(database.url, `${activeSql} and query like '%pg_sleep%'`);
      const from = performance.now();
      child.kill("SIGTERM");
      const ended = await child.ended;
      figures.must("50 ms, SIGTERM: exit code", ended.code ?? -1, 143);
      figures.atMost("50 ms, SIGTERM: ms until the end", Math.round(ended.at - from), 10_000);
      const active = await ask(database.url, activeSql);
      figures.must("50 ms, SIGTERM: left active on the server", active.length, 0);
    }));
});

describe("a password that changes while it runs", { timeout: limit }, () => {
  const role = `changes_${process.pid}`;
  const login = (password: string) => {
    const url = new URL(database.url);
    url.username = role;
    url.password = password;
    return url.href;
  };
  beforeEach(async () => {
    await ask(database.url, `create role ${role} login password 'before'`);
    await ask(database.url, `alter schema public owner to ${role}`);
  });
  afterEach(() => ask(database.url, `drop owned by ${role} cascade; drop role ${role}`));
  const change = () => ask(database.url, `alter role ${role} password 'after'`);
  const refusal = /^error: repo main: cannot connect to .*password authentication failed/m;

  it("the run goes to its end on the connections that it has, and the next one is refused", async () => {
    const child = await start(settings("hold", { address: login("before") }), ["migrate"]);
    await child.said("run code: hold");
    await change();
    child.tell("end");
    figures.must("password: exit code of the run", (await child.ended).code ?? -1, 0);
    figures.must("password: truth", await truth(database.url), held);
    const next = await run(settings("hold", { address: login("before") }), ["migrate"]);
    figures.must("password: exit code of the next run", next.code ?? -1, 2);
    expect(next.stderr).toMatch(refusal);
    expect(next.stderr).not.toContain("before@");
    const last = await run(settings("hold", { address: login("after") }), ["migrate"]);
    expect(last).toMatchObject({ code: 0 });
  });

  it("SIGTERM cancels what runs, for which it needs no login", async () => {
    const child = await start(settings("sleep", { address: login("before") }), ["migrate"]);
    await until(database.url, `${activeSql} and query like '%pg_sleep%'`);
    await change();
    child.kill("SIGTERM");
    figures.must("password, SIGTERM: exit code", (await child.ended).code ?? -1, 143);
    const active = await ask(database.url, activeSql);
    figures.must("password, SIGTERM: left active on the server", active.length, 0);
  });

  it("a backfill that loses a connection then ends with the reason, and goes on with the new one", async () => {
    const address = login("before");
    const place = await ground("count", 4_000, { address, leaseMs: 2_000 });
    await ask(
      database.url,
      `alter table numbers owner to ${role}; alter sequence visits owner to ${role}; grant all on slowness to ${role}`,
    );
    const child = await start(place.settings, ["migrate-data"]);
    await until(
      database.url,
      "select 1 from pg_class where relname = 'slipway_backfill_ranges' and exists (select from numbers where n > 0)",
    );
    await change();
    await ask(
      database.url,
      `select pg_terminate_backend(pid) from pg_stat_activity where usename = '${role}' and datname = current_database()`,
    );
    const ended = await child.ended;
    expect(ended.code).not.toBe(0);
    expect(ended.stderr).toContain("password authentication failed");
    expect(ended.stderr).not.toMatch(/^\s+at /m);
    figures.must("password, connections lost: exit code", ended.code ?? -1, 2);
    await place.hurry();
    const next = { ...place, settings: { ...place.settings, address: login("after") } };
    expect(await run(next.settings, ["migrate-data"])).toMatchObject({ code: 0 });
    await proveOnce(next, figures, { name: "password, backfill", faults: 1 });
  });
});

describe.skipIf(shortLived === undefined)(
  "PgBouncer that closes connections after a second",
  { timeout: limit },
  () => {
    const address = () => {
      const url = new URL(database.url);
      url.host = new URL(shortLived?.url ?? database.url).host;
      return url.href;
    };

    it("a run that lasts longer goes to its end, and holds its lock", async () => {
      const child = await start(settings("hold", { address: address() }), ["migrate"]);
      await child.said("run code: hold");
      const [lock] = await ask(database.url, locked);
      await sleep(2_500);
      expect(await ask(database.url, locked)).toEqual([lock]);
      const other = await run(settings("hold", { address: address() }), [
        "migrate",
        "--lock-wait",
        "0",
      ]);
      figures.must("server_lifetime 1: exit code of another", other.code ?? -1, 5);
      child.tell("end");
      figures.must("server_lifetime 1: exit code", (await child.ended).code ?? -1, 0);
      figures.must("server_lifetime 1: truth", await truth(database.url), held);
    });

    const scenarios = full
      ? (["countLong", "countLongEach", "countEffect"] as const)
      : (["countLong"] as const);
    it.each(scenarios)(
      "a backfill that lasts longer changes each row once: %s",
      async (scenario) => {
        const rows = scenario === "countEffect" ? 4_000 : full ? 60_000 : 4_000;
        const place = await ground(scenario, rows, { address: address() });
        const child = await start(place.settings, ["migrate-data"]);
        const servers = new Set<unknown>();
        let ended: Awaited<typeof child.ended> | undefined;
        void child.ended.then((end) => {
          ended = end;
        });
        while (ended === undefined) {
          const seen = await ask(database.url, connected);
          for (const { pid } of seen) servers.add(pid);
          await sleep(50);
        }
        figures.must(`server_lifetime 1, ${scenario}: exit code`, ended.code ?? -1, 0);
        // Each of them lives for a second or so.
        figures.atLeast(`server_lifetime 1, ${scenario}: connections`, servers.size, full ? 9 : 3);
        await proveOnce(place, figures, { name: `server_lifetime 1, ${scenario}`, faults: 1 });
      },
    );
  },
);

const connected =
  "select pid from pg_stat_activity where datname = current_database() and application_name like 'slipway%'";
const locked =
  "select pid from pg_locks where locktype = 'advisory' and granted and objsubid = 1 and database = (select oid from pg_database where datname = current_database())";

describe("a clock that is two hours wrong", { timeout: limit }, () => {
  const hours = 2 * 3_600_000;
  const wrong = [
    ["ahead", hours],
    ["behind", -hours],
  ] as const;

  it.each(wrong)("%s: it keeps others out, and does not take their lock", async (name, offset) => {
    // Far less than the clocks differ, and more than busy cores keep a process waiting.
    const lease = { leaseMs: 10_000 };
    const first = await start(settings("hold", { ...lease, clockOffsetMs: offset }), ["migrate"]);
    await first.said("run code: hold");
    const patience = ["migrate", "--lock-wait", "2"];
    const other = await run(settings("hold", { ...lease, clockOffsetMs: -offset }), patience);
    figures.must(`clock ${name}: exit code of another`, other.code ?? -1, 5);
    first.tell("end");
    figures.must(`clock ${name}: exit code`, (await first.ended).code ?? -1, 0);
    figures.must(`clock ${name}: truth`, await truth(database.url), held);
    const sql = "select max(abs(extract(epoch from inserted_at - timezone('UTC', now())))) < 600";
    const [at] = await ask(database.url, `${sql} as it from schema_migrations`);
    figures.must(`clock ${name}: the history has the server's time`, String(at?.it), "true");
  });

  const effects = full ? 2_000 : 60;
  it("two workers of a backfill, four hours apart: no effect is called twice", async () => {
    const place = await ground("countEffect", effects);
    const ended = await Promise.all(
      wrong.map(([, clockOffsetMs]) => run({ ...place.settings, clockOffsetMs }, ["migrate-data"])),
    );
    for (const one of ended) expect(one).toMatchObject({ code: 0 });
    const called = ended.reduce(
      (sum, { stdout }) => sum + (stdout.match(/^effect$/gm)?.length ?? 0),
      0,
    );
    figures.must("clocks four hours apart: calls of the effect", called, effects);
    await proveOnce(place, figures, { name: "clocks four hours apart", faults: 1 });
  });
});
