/** MariaDB, where every statement of DDL commits by itself: exactly once all the same. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import { figuresOf, full } from "./support/figures.ts";
import { startProxy } from "./support/proxy.ts";
import type { Scenario } from "./support/scenarios.ts";
import { type ChildSettings, callsIn, run, start } from "./support/start.ts";

const figures = figuresOf("MariaDB");
const server = await mariadbOfRun();
if (server === undefined) figures.tell("MariaDB", "not done: it is not installed");

const calls = server === undefined ? 0 : await callsOfOne(server.url);

describe.skipIf(server === undefined)("on MariaDB", { timeout: 180_000 }, () => {
  let database: MysqlDatabase;
  beforeEach(async () => {
    database = await freshMysql(server?.url ?? "");
  });
  afterEach(() => database.dispose());

  const settings = (scenario: Scenario, more: Partial<ChildSettings> = {}): ChildSettings => ({
    kind: "mysql",
    address: database.url,
    scenario,
    ...more,
  });

  /** What is in the database, in one line. */
  async function truth(): Promise<string> {
    const list = async (sql: string) => {
      const rows = await database.query(sql);
      return rows.map((row) => String(row.it)).join(",");
    };
    const tables = await list(
      "select table_name as it from information_schema.tables where table_schema = database() and table_name not like 'slipway%' and table_name <> 'schema_migrations' order by 1",
    );
    const history = await list("select version as it from schema_migrations order by 1");
    const journal = await list(
      "select position as it from slipway_journal where direction <> 'plan'",
    );
    return `tables ${tables}; history ${history}; journal ${journal}`;
  }

  const rounds = full ? 10 : 2;

  it(`8 processes start together, ${rounds} rounds`, async () => {
    const found = { most: 0, twice: 0, errors: [] as string[], lastMs: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      const fresh = await freshMysql(server?.url ?? "");
      await fresh.query("create table ran (version int)");
      await fresh.query("create table inside (id bigint)");
      await fresh.query("create table seen (inside int)");
      const children = await Promise.all(
        Array.from({ length: 8 }, () =>
          start(settings("togetherMysql", { address: fresh.url, gate: true }), ["migrate"]),
        ),
      );
      await Promise.all(children.map((child) => child.said("ready")));
      const began = performance.now();
      for (const child of children) child.tell("go");
      const endings = await Promise.all(children.map((child) => child.ended));
      found.lastMs.push(Math.max(...endings.map(({ at }) => at)) - began);
      found.errors.push(
        ...endings.filter(({ code }) => code !== 0).map(({ code, stderr }) => `${code} ${stderr}`),
      );
      const [seen] = await fresh.query("select max(inside) as it from seen");
      found.most = Math.max(found.most, Number(seen?.it));
      const [ran] = await fresh.query(
        "select count(*) - 3 + abs(count(distinct version) - 3) as it from ran",
      );
      found.twice += Number(ran?.it);
      await fresh.dispose();
    }
    expect(found.errors).toEqual([]);
    const name = `8 processes, ${rounds} rounds`;
    figures.must(`${name}: holders at once`, found.most, 1);
    figures.must(`${name}: run twice or not at all`, found.twice, 0);
    figures.must(`${name}: errors`, found.errors.length, 0);
    const worst = Math.max(...found.lastMs);
    figures.tell(`${name}: longest until the last is ready`, `${(worst / 1000).toFixed(1)} s`);
  });

  const boundaries = Array.from({ length: calls }, (_, i) => i + 1);
  const counts = { killed: 0, refused: 0, untrue: 0 };
  const chosen = full ? boundaries : boundaries.filter((at) => [8, 10, 12, 14, 16].includes(at));

  it.each(chosen)("killed before call %i of a migration of three statements", async (freezeAt) => {
    const child = await start(settings("two", { freezeAt }), ["migrate"]);
    await child.said(`call ${freezeAt}\n`);
    await child.frozen();
    child.kill("SIGKILL");
    await child.ended;
    counts.killed += 1;
    const next = await run(settings("two"), ["migrate"]);
    if (next.code !== 0) counts.refused += 1;
    if ((await truth()) !== "tables one,three,two; history 1; journal ") counts.untrue += 1;
    expect({ ...counts, stderr: next.code === 0 ? "" : next.stderr }).toMatchObject({
      refused: 0,
      untrue: 0,
      stderr: "",
    });
  });

  it("goes on by itself", () => {
    figures.atLeast("calls of three statements of DDL", calls, 16);
    figures.must("killed before calls of three statements of DDL", counts.killed, chosen.length);
    figures.must("of these: the next run refused", counts.refused, 0);
    figures.must("of these: catalog or history untrue", counts.untrue, 0);
  });

  it("killed in a statement that waits: the server's work is noticed, and not repeated", async () => {
    await database.query("create table big (id int, title text)");
    const other = await database.adapter.open({ role: "work", application: "faults" });
    await other.query("lock tables big write");
    // Else the statement may be over before the next run begins: by its own timeout, or by a look of the server
    // at its client, whom it believes to be there behind a network that is silent.
    const patient = ["migrate", "--lock-timeout", "60000"];
    const proxy = await startProxy(database.url);
    const hasty = { address: proxy.url, leaseMs: 3_000 };
    const child = await start(settings("alter", hasty), patient);
    await waiting();
    proxy.cut();
    child.kill("SIGKILL");
    await child.ended;
    const next = await start(settings("alter"), ["migrate"]);
    await next.said("the server still works for a run that was stopped");
    await other.query("unlock tables");
    await other.close();
    figures.must(
      "killed in ALTER TABLE: exit code of the next run",
      (await next.ended).code ?? -1,
      0,
    );
    figures.must("killed in ALTER TABLE: truth", await truth(), "tables big; history 1; journal ");
    await proxy.stop();
  });

  it("SIGTERM cancels a statement that waits", async () => {
    await database.query("create table big (id int, title text)");
    const other = await database.adapter.open({ role: "work", application: "faults" });
    await other.query("lock tables big write");
    const child = await start(settings("alter"), ["migrate"]);
    await waiting();
    const from = performance.now();
    child.kill("SIGTERM");
    const ended = await child.ended;
    figures.must("SIGTERM: exit code", ended.code ?? -1, 143);
    figures.atMost("SIGTERM: ms until the end", Math.round(ended.at - from), 5_000);
    await other.query("unlock tables");
    await other.close();
    expect(await run(settings("alter"), ["migrate"])).toMatchObject({ code: 0 });
    figures.must("SIGTERM, run again: truth", await truth(), "tables big; history 1; journal ");
  });

  it("a frozen holder loses the lock and changes nothing any more", async () => {
    const zombie = await start(settings("holdMysql", { leaseMs: 1_000 }), ["migrate"]);
    await started();
    zombie.kill("SIGSTOP");
    await zombie.frozen();
    const next = await run(settings("holdMysql", { leaseMs: 1_000 }), ["migrate"]);
    // Nobody can tell what the code had done, so the next one asks.
    figures.must("frozen in code: exit code of the next run", next.code ?? -1, 4);
    expect(await run(settings("holdMysql"), ["mark", "main", "2", "done"])).toMatchObject({
      code: 0,
    });
    expect(await run(settings("holdMysql"), ["migrate"])).toMatchObject({ code: 0 });
    const before = await truth();
    zombie.tell("end");
    zombie.kill("SIGCONT");
    const ended = await zombie.ended;
    figures.must("frozen in code: exit code of the zombie", ended.code ?? -1, 1);
    figures.must("frozen in code: truth after it", await truth(), before);
    expect(before).toBe("tables one,three,two; history 1,2,3; journal ");
  });

  it("one frozen just before a statement of DDL cannot send it any more", async () => {
    const zombie = await start(
      settings("older", { leaseMs: 1_000, freezeBefore: "CREATE TABLE `one`" }),
      ["migrate"],
    );
    await zombie.frozen();
    expect(await run(settings("older"), ["migrate"])).toMatchObject({ code: 0 });
    expect(await run(settings("older"), ["rollback", "main", "1", "--yes"])).toMatchObject({
      code: 0,
    });
    zombie.kill("SIGCONT");
    const ended = await zombie.ended;
    figures.must("frozen before DDL: exit code of the zombie", ended.code ?? -1, 1);
    figures.must("frozen before DDL: truth after it", await truth(), "tables ; history ; journal ");
  });

  it("one frozen before an index that was announced with its table cannot send it any more", async () => {
    const freezeBefore = "CREATE INDEX";
    const zombie = await start(settings("indexed", { leaseMs: 1_000, freezeBefore }), ["migrate"]);
    await zombie.frozen();
    figures.must("frozen before an index: announced", await announcedNow(), "0 started, 1 started");
    expect(await run(settings("indexed"), ["migrate"])).toMatchObject({ code: 0 });
    expect(await indexes()).toBe("one_title_index");
    expect(await run(settings("indexed"), ["rollback", "main", "1", "--yes"])).toMatchObject({
      code: 0,
    });
    await database.query("create table one (title varchar(100))");
    zombie.kill("SIGCONT");
    const ended = await zombie.ended;
    figures.must("frozen before an index: exit code of the zombie", ended.code ?? -1, 1);
    figures.must("frozen before an index: indexes after it", await indexes(), "");
  });

  it("one killed between two migrations has announced the second, and the next run makes it", async () => {
    const child = await start(settings("following", { freezeBefore: "CREATE TABLE `two`" }), [
      "migrate",
    ]);
    await child.frozen();
    figures.must("killed between migrations: announced", await announcedNow(), "0 started");
    child.kill("SIGKILL");
    await child.ended;
    const between = "tables one; history 1; journal 0";
    figures.must("killed between migrations: truth", await truth(), between);
    expect(await run(settings("following"), ["migrate"])).toMatchObject({ code: 0 });
    const after = "tables one,two; history 1,2; journal ";
    figures.must("killed between migrations: truth after the next run", await truth(), after);
  });

  it("an index that fails leaves no word of itself in the journal, and its table stays", async () => {
    const broken = await run(settings("badIndex"), ["migrate"]);
    figures.must("an index that fails: exit code", broken.code ?? -1, 1);
    figures.must("an index that fails: the journal says", await announcedNow(), "0 done");
  });

  it("a table that fails leaves no word of its index either", async () => {
    await database.query("create table one (id int)");
    const broken = await run(settings("indexed"), ["migrate"]);
    figures.must("a table that fails: exit code", broken.code ?? -1, 1);
    figures.must("a table that fails: the journal says", await announcedNow(), "");
  });

  async function announcedNow(): Promise<string> {
    const rows = await database.query(
      "select position, state from slipway_journal where direction = 'up' order by position",
    );
    return rows.map(({ position, state }) => `${position} ${state}`).join(", ");
  }

  async function indexes(): Promise<string> {
    const rows = await database.query(
      "select distinct index_name as it from information_schema.statistics where table_schema = database() and table_name = 'one' and index_name <> 'PRIMARY'",
    );
    return rows.map(({ it }) => it).join(", ");
  }

  /** It says what it runs a moment before the journal does. */
  async function started(): Promise<void> {
    const sql =
      "select 1 from slipway_journal where version = 2 and position = 1 and state = 'started'";
    while ((await database.query(sql).catch(() => [])).length === 0);
  }

  async function waiting(): Promise<void> {
    for (;;) {
      const rows = await database.query(
        "select 1 from information_schema.processlist where state like 'Waiting for table metadata lock%' and db = database()",
      );
      if (rows.length > 0) return;
    }
  }
});

/** How often a run that nothing kills calls its work session: that many moments there are to kill it. */
async function callsOfOne(serverUrl: string): Promise<number> {
  const { url, dispose } = await freshMysql(serverUrl);
  const settings = { kind: "mysql", address: url, scenario: "two", freezeAt: 0 } as const;
  const { code, stdout } = await run(settings, ["migrate"]);
  expect(code).toBe(0);
  await dispose();
  return callsIn(stdout);
}
