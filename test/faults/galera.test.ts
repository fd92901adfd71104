/** Galera: named locks and row locks are of one node, so the lock of a run is one that the whole cluster certifies. */
import { setTimeout as sleep } from "node:timers/promises";
import { createConnection } from "mysql2/promise";
import { afterAll, afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Fence } from "../../src/adapters/adapter.ts";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { flowControl, receiveQueue } from "../../src/backfill/throttle/cluster.ts";
import type { Reading, Signal } from "../../src/backfill/throttle/signal.ts";
import type { Throttle } from "../../src/core/language/throttle.ts";
import { plain } from "../../src/core/model/statement.ts";
import { askAt, freshGalera, type GaleraDatabase, startGalera } from "../support/galera.ts";
import { numbersSqlGalera } from "./support/backfills.ts";
import { figuresOf, full, progress } from "./support/figures.ts";
import { isolate } from "./support/isolate.ts";
import { startProxy } from "./support/proxy.ts";
import type { Scenario } from "./support/scenarios.ts";
import { type ChildSettings, callsIn, run, start } from "./support/start.ts";
import { starters } from "./support/starters.ts";

const figures = figuresOf("Galera");
const cluster = await startGalera(2);
afterAll(() => cluster?.stop());
const third = full && cluster !== undefined ? await startGalera(3) : undefined;
afterAll(() => third?.stop());
if (cluster === undefined) figures.tell("Galera", "not done: it is not installed");

describe.skipIf(cluster === undefined)(
  "on a cluster",
  { timeout: full ? 3_600_000 : 120_000 },
  () => {
    let database: GaleraDatabase;
    beforeEach(async () => {
      database = await freshGalera(cluster!);
    });
    afterEach(() => database.dispose());

    const settings = (
      node: number,
      scenario: Scenario,
      more: Partial<ChildSettings> = {},
    ): ChildSettings => ({ kind: "mysql", address: database.urls[node] ?? "", scenario, ...more });

    /** What a node has, in one line. */
    async function truth(node: number): Promise<string> {
      const list = async (sql: string) => {
        const rows = await database.query(sql, node);
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

    it("each node gives out a named lock of the same name", async () => {
      const taken = await Promise.all(
        database.urls.map((url) => askAt(url, "select get_lock('one', 0) as it, sleep(0.3)")),
      );
      expect(taken.map(([row]) => row?.it)).toEqual([1, 1]);
    });

    const groups = full
      ? [
          { nodes: 2, processes: 2, rounds: 100 },
          { nodes: 2, processes: 8, rounds: 100 },
          { nodes: 3, processes: 3, rounds: 100 },
          { nodes: 3, processes: 9, rounds: 100 },
        ]
      : [{ nodes: 2, processes: 4, rounds: 1 }];

    it.each(groups)(
      "$processes processes start together on $nodes nodes, $rounds rounds",
      async (how) => {
        const found = { most: 0, twice: 0, errors: [] as string[], lastMs: [] as number[] };
        const { start: startAll, end } = await starters(how.processes);
        for (let round = 0; round < how.rounds; round++) {
          const fresh = await freshGalera((how.nodes === 3 ? third : cluster)!);
          await fresh.query("create table ran (id bigint auto_increment primary key, version int)");
          await fresh.query("create table inside (id varchar(50) primary key)");
          await fresh.query("create table seen (id bigint auto_increment primary key, inside int)");
          const began = performance.now();
          found.errors.push(...(await startAll((index) => fresh.urls[index % how.nodes] ?? "")));
          found.lastMs.push(performance.now() - began);
          const [seen] = await fresh.query("select max(inside) as it from seen", how.nodes - 1);
          found.most = Math.max(found.most, Number(seen?.it));
          const [ran] = await fresh.query(
            "select count(*) - 3 + abs(count(distinct version) - 3) as it from ran",
          );
          found.twice += Number(ran?.it);
          await fresh.dispose();
          if (round % 10 === 9)
            progress(`${how.nodes} nodes, ${how.processes} processes: ${round + 1}`);
        }
        await end();
        expect(found.errors).toEqual([]);
        const name = `${how.processes} processes on ${how.nodes} nodes, ${how.rounds} rounds`;
        figures.must(`${name}: holders at once`, found.most, 1);
        figures.must(`${name}: run twice or not at all`, found.twice, 0);
        figures.must(`${name}: errors`, found.errors.length, 0);
        const middle = found.lastMs.toSorted((a, b) => a - b)[Math.floor(how.rounds / 2)] ?? 0;
        figures.tell(`${name}: until the last is ready, middle`, `${(middle / 1000).toFixed(1)} s`);
      },
    );

    it("a node reads a history that another one has just written", async () => {
      const reads = full ? 50 : 1;
      let untrue = 0;
      for (let round = 0; round < reads; round++) {
        const done = await run(settings(round % 2, "older"), ["migrate"]);
        expect(done).toMatchObject({ code: 0 });
        const looked = await run(settings(1 - (round % 2), "older"), ["verify"]);
        if (looked.code !== 0) untrue += 1;
        expect(
          await run(settings(round % 2, "older"), ["rollback", "main", "1", "--yes"]),
        ).toMatchObject({ code: 0 });
      }
      figures.must(`${reads} reads on one node after a write on the other: untrue`, untrue, 0);
    });

    it("kept waiting by a holder on another node, it says who that is", async () => {
      const holder = await start(settings(0, "holdMysql"), ["migrate"]);
      await holding();
      const other = await run(settings(1, "holdMysql"), ["migrate", "--lock-wait", "0"]);
      expect(other).toMatchObject({ code: 5 });
      expect(other.stderr).toContain("by the node node0");
      expect(other.stderr).toContain(`pid ${holder.pid}`);
      holder.tell("end");
      expect(await holder.ended).toMatchObject({ code: 0 });
      expect(await truth(1)).toBe("tables one,three,two; history 1,2,3; journal ");
    });

    it.runIf(full)(
      "a holder that is killed keeps nobody on its own node waiting, and nobody on another for longer than its lease",
      async () => {
        for (const node of [0, 1]) {
          const holder = await start(settings(0, "holdMysql", { leaseMs: 3_000 }), ["migrate"]);
          await holding();
          holder.kill("SIGKILL");
          await holder.ended;
          const next = await run(settings(node, "holdMysql"), ["migrate"]);
          // Nobody can tell what the code had done, so the next one asks.
          expect(next).toMatchObject({ code: 4 });
          await database.dispose();
          database = await freshGalera(cluster!);
        }
      },
    );

    it.runIf(full)(
      "a frozen holder loses the lock to another node and changes nothing any more",
      async () => {
        const zombie = await start(settings(0, "holdMysql", { leaseMs: 1_000 }), ["migrate"]);
        await holding();
        zombie.kill("SIGSTOP");
        await zombie.frozen();
        const next = await run(settings(1, "holdMysql"), ["migrate"]);
        figures.must("frozen in code: exit code of the next run", next.code ?? -1, 4);
        for (const argv of [["mark", "main", "2", "done"], ["migrate"]])
          expect(await run(settings(1, "holdMysql"), argv)).toMatchObject({ code: 0 });
        const before = await truth(0);
        zombie.tell("end");
        zombie.kill("SIGCONT");
        figures.must("frozen in code: exit code of the zombie", (await zombie.ended).code ?? -1, 1);
        figures.must("frozen in code: truth after it", await truth(0), before);
        expect(before).toBe("tables one,three,two; history 1,2,3; journal ");
      },
    );

    it.runIf(full)(
      "one frozen just before a statement of DDL cannot send it any more, whichever node the next one is on",
      async () => {
        const zombie = await start(
          settings(0, "older", { leaseMs: 1_000, freezeBefore: "CREATE TABLE `one`" }),
          ["migrate"],
        );
        await zombie.frozen();
        expect(await run(settings(1, "older"), ["migrate"])).toMatchObject({ code: 0 });
        expect(await run(settings(1, "older"), ["rollback", "main", "1", "--yes"])).toMatchObject({
          code: 0,
        });
        zombie.kill("SIGCONT");
        figures.must(
          "frozen before DDL: exit code of the zombie",
          (await zombie.ended).code ?? -1,
          1,
        );
        figures.must(
          "frozen before DDL: truth after it",
          await truth(1),
          "tables ; history ; journal ",
        );
      },
    );

    it("what proved an older number cannot commit once another node has the lock", async () => {
      const attempts = full ? 200 : 10;
      let late = 0;
      const request = { name: "a", history: { name: "schema_migrations" } };
      await database.query("create table written (id bigint auto_increment primary key)");
      const [one, two] = await Promise.all(
        database.urls.map((url) =>
          mysql({ url, lockLeaseMs: 60_000 }).open({ role: "work", application: "faults" }),
        ),
      );
      for (let attempt = 0; attempt < attempts; attempt++) {
        const fence = await one!.takeFence?.(request);
        await one!.execute([
          plain("START TRANSACTION"),
          ...(fence?.proof ?? []),
          plain("INSERT INTO written VALUES ()"),
        ]);
        // As if its lease were over.
        await database.query("update slipway_lock set worker = null where name = 'a (lease)'", 1);
        const taken = two!.takeFence?.(request);
        const [committed] = await Promise.allSettled([one!.execute([plain("COMMIT")])]);
        const next = await taken;
        const [{ rows } = { rows: -1 }] = await two!.query(
          "SELECT COUNT(*) AS `rows` FROM written",
        );
        const [after] = await database.query("select count(*) as it from written");
        if (committed.status === "fulfilled" && Number(rows) !== Number(after?.it)) late += 1;
        await one!.query("ROLLBACK");
        await next?.leave?.();
      }
      await one!.close();
      await two!.close();
      figures.must(
        `${attempts} commits while another node takes the lock: behind its back`,
        late,
        0,
      );
    });

    const a = { name: "a", history: { name: "schema_migrations" } };
    /** A session that works, with the connections that it makes at these addresses, the last one for all others. */
    async function atWork(lockLeaseMs: number, ...urls: readonly string[]) {
      let made = 0;
      const url = () => urls[Math.min(made++, urls.length - 1)] ?? "";
      return mysql({ url, lockLeaseMs }).open({ role: "work", application: "faults" });
    }

    it("somebody empties the table of the lock: the holder commits nothing more, although numbers begin anew", async () => {
      const [one = "", two = ""] = database.urls;
      const work = await atWork(5_000, one);
      const other = await atWork(5_000, two);
      await database.query("create table written (id bigint auto_increment primary key)");
      const first = await work.takeFence?.(a);
      await database.query("delete from slipway_lock", 1);
      let next: Fence | undefined;
      while (next === undefined) next = await other.takeFence?.(a);
      expect([first?.number, next.number]).toEqual(["1", "1"]);
      const write = [plain("START TRANSACTION"), ...(first?.proof ?? [])];
      await expect(
        work.execute([...write, plain("INSERT INTO written VALUES ()")]),
      ).rejects.toThrow(/lock was lost/);
      await work.query("ROLLBACK");
      await expect.poll(() => first?.lost?.aborted, { timeout: 10_000 }).toBe(true);
      await next.leave?.();
      await Promise.all([work.close(), other.close()]);
      expect(await database.query("select id from written")).toEqual([]);
    });

    it("a session that was in use just before a beat is kept awake by that beat", async () => {
      const [url = ""] = database.urls;
      const work = await atWork(5_000, url);
      const fence = await work.takeFence?.(a);
      await sleep(100);
      await work.query("SELECT 1");
      // Longer than the server lets it be silent, and two beats.
      await sleep(3_600);
      expect(await work.query("SELECT 1 AS one")).toEqual([{ one: 1 }]);
      await fence?.leave?.();
      await work.close();
    });

    it("a holder whose beats are lost on the way hears of the next holder, and comes to its end", async () => {
      const [one = "", two = ""] = database.urls;
      const proxy = await startProxy(two);
      const work = await atWork(1_000, one, proxy.url, one);
      const other = await atWork(1_000, two);
      const fence = await work.takeFence?.(a);
      proxy.cut();
      let next: Fence | undefined;
      while (next === undefined) next = await other.takeFence?.(a);
      await expect.poll(() => fence?.lost?.aborted, { timeout: 10_000 }).toBe(true);
      expect(String(fence?.lost?.reason)).toContain("another process has the migration lock");
      await next.leave?.();
      await Promise.all([work.close(), other.close(), proxy.stop()]);
    });

    it.runIf(full)(
      "behind a change that all nodes waited for, a lease is watched anew",
      async () => {
        const [one = "", two = ""] = database.urls;
        const work = await atWork(1_000, one);
        const other = await atWork(1_000, two);
        await work.takeFence?.(a);
        await other.takeFence?.(a);
        await work.close();
        const blocking = await createConnection({ uri: two });
        // As a change of a table does, which one node may finish before another one.
        await blocking.query("FLUSH TABLES WITH READ LOCK");
        await database.query("CREATE TABLE written (id int PRIMARY KEY)");
        await sleep(2_600);
        expect(await other.takeFence?.(a)).toBeUndefined();
        await blocking.query("UNLOCK TABLES");
        const from = performance.now();
        let next: Fence | undefined;
        while (next === undefined) next = await other.takeFence?.(a);
        expect(performance.now() - from).toBeGreaterThan(2_000);
        await next.leave?.();
        await Promise.all([other.close(), blocking.end()]);
      },
    );

    it.runIf(full)("a lock whose server does not answer is given up at its end", async () => {
      const [one = "", two = ""] = database.urls;
      const proxy = await startProxy(two);
      const work = await atWork(30_000, one, proxy.url, one);
      const fence = await work.takeFence?.(a);
      proxy.cut();
      // It may say so; the lease is over by itself.
      await fence?.leave?.().catch(() => undefined);
      await Promise.all([work.close(), proxy.stop()]);
    });

    it("a throttle reads how long the cluster has paused, and what a node has yet to do", async () => {
      const work = await mysql({ url: database.urls[1] ?? "" }).open({
        role: "work",
        application: "faults",
      });
      const memory = new Map<string, Reading>();
      const context = { db: work as never, dialect: work.dialect, memory };
      const read = (signal: Signal, throttle: Throttle, at: number) =>
        signal.read({ ...context, target: undefined as never, now: () => at }, throttle);
      expect(await read(receiveQueue, { receiveQueue: 1_000 }, 0)).toBeUndefined();
      expect(await read(flowControl, { flowControlPaused: 0.1 }, 0)).toBeUndefined();
      const { value = 0 } = memory.get("flowControl") ?? {};
      // As if there had been half a second less two seconds ago.
      memory.set("flowControl", { at: 0, value: value - 500 });
      expect(await read(flowControl, { flowControlPaused: 0.1 }, 2_000)).toBe(
        "flow control has paused the cluster for 25% of the time, more than 10%",
      );
      expect(await read(flowControl, { flowControlPaused: 0.3 }, 2_500)).toBeUndefined();
      await work.close();
    });

    it("workers of a backfill on two nodes lease their ranges, which the whole cluster sees", async () => {
      for (const sql of numbersSqlGalera(5_000)) await database.query(sql);
      await database.query("update slowness set seconds = 0");
      const workers = [0, 1].map((node) =>
        run({ ...settings(node, "two"), scenario: "countGalera" }, ["migrate-data"]),
      );
      for (const ended of await Promise.all(workers)) expect(ended).toMatchObject({ code: 0 });
      const [row] = await database.query(
        "select sum(n <> 1) as untrue, (select count(*) from slipway_backfill_ranges where token = 0 or state = 'open') as not_leased, (select count(*) from slipway_backfill_dead) as dead from numbers",
        1,
      );
      expect(Object.values(row ?? {}).map(Number)).toEqual([0, 0, 0]);
    });

    it("a node whose changes of tables reach itself alone is refused", async () => {
      await askAt(cluster!.nodes[0]!.url, "set global wsrep_osu_method = 'RSU'");
      try {
        const refused = await run(settings(0, "older"), ["migrate"]);
        expect(refused).toMatchObject({ code: 2 });
        expect(refused.stderr).toContain(
          "repo main: cannot take the migration lock: wsrep_OSU_method is RSU: a change of a table would reach this node alone, and the history every node\nhint: SET GLOBAL wsrep_OSU_method = 'TOI'. Or make the change on each node by hand",
        );
        const looked = await run(settings(0, "older"), ["doctor"]);
        expect(looked.stdout).toContain("and wsrep_OSU_method is RSU");
      } finally {
        await askAt(cluster!.nodes[0]!.url, "set global wsrep_osu_method = 'TOI'");
      }
      const looked = await run(settings(1, "older"), ["doctor"]);
      expect(looked.stdout).toContain("a Galera cluster of 2 nodes; this one is Synced");
    });

    it.runIf(full)(
      "a node that leaves the cluster in the middle stops its run, and the next one finishes it elsewhere",
      async () => {
        const holder = await start(settings(1, "holdMysql", { leaseMs: 3_000 }), ["migrate"]);
        await holding();
        await isolate(cluster!.nodes[1]!.url, true);
        try {
          const ended = await holder.ended;
          figures.must("its node is cut off: exit code", ended.code ?? -1, 1);
          figures.tell(
            "its node is cut off: last words",
            ended.stderr.trim().split("\n").slice(-2).join(" "),
          );
          const there = await run(settings(1, "holdMysql"), ["migrate"]);
          figures.must("a node that is cut off: exit code", there.code ?? -1, 2);
          expect(there.stderr).toContain("this node is cut off from most of its cluster");
          const next = await run(settings(0, "holdMysql"), ["mark", "main", "2", "done"]);
          expect(next).toMatchObject({ code: 0 });
          expect(await run(settings(0, "holdMysql"), ["migrate"])).toMatchObject({ code: 0 });
        } finally {
          await isolate(cluster!.nodes[1]!.url, false);
        }
        const wanted = "tables one,three,two; history 1,2,3; journal ";
        figures.must("its node is cut off: truth after it came back", await truth(1), wanted);
      },
    );

    it.runIf(full)(
      "killed before each call of a run on one node, finished on the other",
      async () => {
        const whole = await run(settings(0, "two", { freezeAt: 0 }), ["migrate"]);
        const calls = callsIn(whole.stdout);
        let untrue = 0;
        for (let at = 1; at <= calls; at++) {
          await database.dispose();
          database = await freshGalera(cluster!);
          const child = await start(settings(at % 2, "two", { freezeAt: at, leaseMs: 1_500 }), [
            "migrate",
          ]);
          await child.said(`call ${at}\n`);
          await child.frozen();
          child.kill("SIGKILL");
          await child.ended;
          const next = await run(settings(1 - (at % 2), "two"), ["migrate"]);
          const found = [next.code, await truth(0), await truth(1)].join(" | ");
          const wanted = "tables one,three,two; history 1; journal ";
          if (found !== `0 | ${wanted} | ${wanted}`) untrue += 1;
          expect(found).toBe(`0 | ${wanted} | ${wanted}`);
        }
        figures.atLeast("calls of three statements of DDL", calls, 16);
        figures.must(`killed before ${calls} of ${calls} calls: untrue`, untrue, 0);
      },
    );

    async function holding(): Promise<void> {
      const sql =
        "select 1 from slipway_journal where version = 2 and position = 1 and state = 'started'";
      while ((await database.query(sql).catch(() => [])).length === 0);
    }
  },
);
