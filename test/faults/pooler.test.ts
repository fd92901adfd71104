/** Through PgBouncer in transaction mode: everything works, or one line says what needs the direct way. */
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import { describeAdapter } from "../../src/adapter-testing.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { startPgbouncer } from "../support/pgbouncer.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { whileLocked } from "../support/while-locked.ts";
import { figuresOf, full } from "./support/figures.ts";
import type { Scenario } from "./support/scenarios.ts";
import { activeSql, ask, hold, truth, until } from "./support/server.ts";
import { type ChildSettings, run, start } from "./support/start.ts";

const figures = figuresOf("pooler");
const upstream = await freshDatabase();
const pooler = await startPgbouncer(upstream.url, { poolSize: 3 });
const ofSessions = await startPgbouncer(upstream.url, { mode: "session" });
const narrow = await startPgbouncer(upstream.url, { poolSize: 1 });
afterAll(async () => {
  await Promise.all([pooler?.stop(), narrow?.stop(), ofSessions?.stop()]);
  await upstream.drop();
});

function through(url: string, server = pooler): string {
  const address = new URL(url);
  address.host = new URL(server?.url ?? url).host;
  return address.href;
}

if (pooler !== undefined) {
  describeAdapter(
    "postgres through PgBouncer",
    {
      make: async () => {
        const { url, drop } = await freshDatabase();
        return { adapter: postgres({ url: through(url) }), dispose: drop };
      },
    },
    { describe, it, expect },
  );
}

describe.skipIf(pooler === undefined)("through PgBouncer", () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  const settings = (scenario: Scenario, more: Partial<ChildSettings> = {}): ChildSettings => ({
    kind: "postgres",
    address: through(database.url),
    scenario,
    ...more,
  });

  async function poolerAt(url: string): Promise<string> {
    const session = await postgres({ url }).open({ role: "work", application: "test" });
    const answer = await session.pooler?.();
    await session.close();
    return answer ?? "none";
  }

  it("it is noticed, and the direct way is not taken for one", async () => {
    figures.must("noticed through it", await poolerAt(through(database.url)), "transaction");
    figures.must("noticed without it", await poolerAt(database.url), "none");
  });

  it("one in transaction mode is told from one in session mode, also by many at once", async () => {
    const urls = [through(database.url), through(database.url, ofSessions)];
    const asked = urls.flatMap((url) => [url, url]);
    const answers = await Promise.all(asked.map(poolerAt));
    figures.must("told apart", answers.join(" "), "transaction transaction session session");
    const few = await startPgbouncer(database.url, { mode: "session", poolSize: 1 });
    figures.must("session mode, one connection", await poolerAt(few?.url ?? ""), "session");
    await few?.stop();
  });

  it("behind one in session mode a setting of the connection runs, and one line says why", async () => {
    const ran = await run(settings("settings", { address: through(database.url, ofSessions) }), [
      "migrate",
    ]);
    figures.must("setting, session mode: exit code", ran.code ?? -1, 0);
    expect(ran.stderr).toMatch(/a connection pooler stands between, in session mode as far as/);
    expect(await truth(database.url)).toBe("tables one; invalid 0; history 1; journal ");
  });

  it("no connection of the server is taken for that of a holder: the next holder may not end it", async () => {
    const workerOf = async (url: string) => {
      const adapter = postgres({ url });
      const session = await adapter.open({ role: "work", application: "test" });
      const history = { name: "schema_migrations" };
      await whileLocked(
        adapter,
        url,
        async () => await session.takeFence?.({ name: url, history }),
      );
      const sql = "select worker from slipway_lock order by taken_at desc limit 1";
      const [row] = await session.query(sql);
      await session.close();
      return String(row?.worker);
    };
    figures.must("worker through it", await workerOf(through(database.url)), "null");
    expect(await workerOf(database.url)).toMatch(/^\d+@\d+\.\d+$/);
  });

  it("a setting of the connection is refused before anything runs, and goes the direct way", async () => {
    const refused = await run(settings("settings"), ["migrate"]);
    figures.must("setting outside of a transaction: exit code", refused.code ?? -1, 2);
    expect(refused.stderr).toMatch(
      /^error: repo main: 1_setting changes a setting of the connection outside of a transaction \("set search_path to public"\), and a connection pooler in transaction mode stands between/m,
    );
    expect(refused.stderr).toMatch(/^hint: Give the adapter directUrl/m);
    expect(await truth(database.url)).toBe("tables ; invalid 0; history none; journal none");
    const direct = settings("settings", { directUrl: database.url });
    expect(await run(direct, ["migrate"])).toMatchObject({ code: 0 });
    figures.must(
      "setting outside of a transaction, directUrl: truth",
      await truth(database.url),
      "tables one; invalid 0; history 1; journal ",
    );
  });

  it("code outside of a transaction runs, and one line says what the pooler does to it", async () => {
    const ran = await run(settings("codeOnly"), ["migrate"]);
    expect(ran).toMatchObject({ code: 0 });
    expect(
      ran.stderr.match(
        /warning: repo main: a connection pooler in transaction mode stands between/g,
      ),
    ).toHaveLength(1);
    const direct = await freshDatabase();
    const quiet = await run(settings("codeOnly", { address: direct.url }), ["migrate"]);
    expect(quiet.stderr).not.toContain("pooler");
    await direct.drop();
  });

  it("a concurrent index is built, repaired after a kill, and cancelled by SIGTERM", async () => {
    await ask(database.url, "create table big as select 1 as id, 'one' as title");
    const writer = await hold(database.url, "begin; insert into big values (0, 'open')");
    const building = `${activeSql.replace("application_name like 'slipway%' and", "")} and query ilike 'create index concurrently%' and wait_event_type = 'Lock'`;
    const killed = await start(settings("index"), ["migrate"]);
    const { pid } = await until(database.url, building);
    killed.kill("SIGKILL");
    await killed.ended;
    await ask(database.url, `select pg_terminate_backend(${pid})`);
    await until(
      database.url,
      `select 1 where not exists (select from pg_stat_activity where pid = ${pid})`,
    );
    await writer.query("commit");
    expect(await truth(database.url)).toMatch(/invalid 1/);
    await writer.query("begin; insert into big values (0, 'open')");
    const stopped = await start(settings("index"), ["migrate"]);
    await until(
      database.url,
      "select 1 from pg_stat_activity where query ilike '%index concurrently%' and wait_event_type = 'Lock' and datname = current_database()",
    );
    stopped.kill("SIGTERM");
    figures.must("SIGTERM in a build: exit code", (await stopped.ended).code ?? -1, 143);
    await writer.end();
    expect(await run(settings("index"), ["migrate"])).toMatchObject({ code: 0 });
    figures.must(
      "killed, stopped and run again: truth",
      await truth(database.url),
      "tables big; invalid 0; history 1; journal ",
    );
  });

  it("a process that is frozen loses the lock, and one that is killed leaves nothing", async () => {
    const zombie = await start(settings("hold", { leaseMs: 1_000 }), ["migrate"]);
    await zombie.said("run code: hold");
    zombie.kill("SIGSTOP");
    const other = await start(settings("hold"), ["migrate"]);
    other.tell("end");
    expect(await other.ended).toMatchObject({ code: 0 });
    const after = await truth(database.url);
    zombie.tell("end");
    zombie.kill("SIGCONT");
    figures.must("frozen: exit code of the zombie", (await zombie.ended).code ?? -1, 1);
    figures.must("frozen: truth after it", await truth(database.url), after);
    expect(after).toBe("tables one,three,two; invalid 0; history 1,2,3; journal none");
  });

  it.skipIf(!full)(
    "with a single connection it says that this is too few",
    { timeout: 60_000 },
    async () => {
      const ran = await run(settings("older", { address: through(database.url, narrow) }), [
        "migrate",
      ]);
      figures.must("pool of 1: exit code", ran.code ?? -1, 2);
      expect(ran.stderr).toContain("the pooler between has too few");
    },
  );
});
