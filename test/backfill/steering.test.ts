/** What a run does with commands that come while no batch runs, and what cannot keep it from ending. */
import { expect, it } from "vitest";
import { defineBackfill, sql } from "../../src/index.ts";
import { describeOn, refusal, releaseOn } from "../conformance/support/release.ts";
import type { TestDatabase } from "../support/databases.ts";

type Row = Readonly<Record<string, unknown>>;

async function numbers(database: TestDatabase, count: number): Promise<void> {
  await database.query("create table numbers (id integer primary key, n integer not null)");
  await database.query(
    `insert into numbers with recursive s(g) as (select 1 union all select g + 1 from s where g < ${count}) select g, 0 from s`,
  );
}

function run(database: TestDatabase, more: object = {}) {
  const base = { table: "numbers", key: "id", set: { n: sql`n + 1` } };
  const backfill = defineBackfill({ ...base, ...more } as never);
  return releaseOn(database, {}, { dataMigrations: { "1_change": backfill } });
}

async function changed(database: TestDatabase): Promise<number> {
  const [row] = await database.query("select count(*) as n from numbers where n = 1");
  return Number(row?.n);
}

async function until(claim: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await claim())) await new Promise((resolve) => setTimeout(resolve, 20));
}

describeOn(["pglite", "sqlite", "postgres"], (database) => {
  const held = { throttle: { sql: sql`select 'not now'` } };

  it("one that holds goes on when the throttle is lifted", async () => {
    await numbers(database(), 100);
    const { release, events } = run(database(), held);
    const running = release.migrateData();
    await until(() => events.some(({ type }) => type === "backfill_held"));
    await release.backfills.set(1, { throttle: null });
    await running;
    expect(await changed(database())).toBe(100);
  });

  it("a throttle that was lifted stays so when one limit is set", async () => {
    await numbers(database(), 100);
    const { release } = run(database(), held);
    await release.migrateData({ forMs: 1 });
    await release.backfills.set(1, { throttle: null });
    await release.backfills.set(1, { throttle: { checkEveryMs: 10 } });
    await release.migrateData();
    expect(await changed(database())).toBe(100);
  });

  it("one that holds ends when it is paused", async () => {
    await numbers(database(), 100);
    const { release, events } = run(database(), held);
    const running = refusal(release.migrateData());
    await until(() => events.some(({ type }) => type === "backfill_held"));
    await release.backfills.pause(1);
    expect((await running).code).toBe("backfill_stopped");
  });

  it.each([3_600_000, 5_000_000_000])(
    "a rest of %d ms ends when it is shortened",
    async (pauseMs) => {
      await numbers(database(), 100);
      const { release } = run(database(), {
        pauseMs,
        batchSize: 10,
        maxBatchSize: 10,
        parallel: 1,
      });
      const running = release.migrateData();
      await until(async () => (await release.backfills.list()).some(({ batches }) => batches > 0));
      expect(await changed(database())).toBe(10);
      await release.backfills.set(1, { pauseMs: 0 });
      await running;
      expect(await changed(database())).toBe(100);
    },
  );

  it("a verify that the database refuses is a reason to stop", async () => {
    await numbers(database(), 10);
    const { release } = run(database(), {
      verify: sql`select abs(n - 9223372036854775807 - 1 - 1) from numbers`,
    });
    expect((await refusal(release.migrateData())).message).toMatch(
      /^repo main: 1_change failed: verify f/,
    );
    expect((await release.backfills.show(1)).state).toBe("failed");
  });

  it("rows that failed wait for another definition to be accepted", async () => {
    await numbers(database(), 10);
    const each = (row: Row) => {
      if (Number(row.id) === 3) throw new Error("bad\0");
      return { n: 1 };
    };
    const before = run(database(), { set: undefined, each }).release;
    await refusal(before.migrateData());
    await refusal(before.backfills.retryDead(1));
    expect((await before.backfills.show(1)).dead).toMatchObject([{ error: "bad", attempts: 2 }]);
    const { release } = run(database(), { set: undefined, each: () => ({ n: 1 }) });
    expect((await refusal(release.backfills.retryDead(1))).code).toBe("backfill_changed");
    expect(await changed(database())).toBe(9);
    await release.backfills.retryDead(1, { acceptChanged: true });
    expect(await changed(database())).toBe(10);
  });
});

describeOn(["pglite", "postgres"], (database) => {
  it("a rehearsal of a table without statistics makes them, and tells of a batch that is refused", async () => {
    await numbers(database(), 30_000);
    const whole = await run(database(), { batchSize: 100 }).release.backfills.rehearse(1, {
      sample: 3,
    });
    expect(whole).toMatchObject({ rowsExpected: 30_000, batches: [{ rows: 100 }, {}, {}] });
    const refused = await run(database(), {
      set: { n: sql`1 / (n + id - 7)` },
    }).release.backfills.rehearse(1);
    expect(refused.batches).toMatchObject([
      { changed: 0, failed: [{ key: [], error: "division by zero" }] },
    ]);
  });
});

describeOn(["postgres"], (database) => {
  it("an effect over few rows is shared by the connections, and paused when no call is open any more", async () => {
    await numbers(database(), 1000);
    let open = 0;
    let most = 0;
    const effect = async (row: Row) => {
      most = Math.max(most, ++open);
      await new Promise((resolve) => setTimeout(resolve, 5));
      open -= 1;
      return { n: Number(row.n) + 1 };
    };
    const { release } = run(database(), { set: undefined, effect, parallel: 4 });
    const running = refusal(release.migrateData());
    await until(() => most === 4);
    await release.backfills.pause(1);
    expect(open).toBe(0);
    expect((await running).code).toBe("backfill_stopped");
    await release.backfills.resume(1);
    await release.migrateData();
    expect(await changed(database())).toBe(1000);
  });

  it("a row that others hold all the time does not hold up the end", async () => {
    await numbers(database(), 50);
    const other = await database().adapter.open({ role: "work", application: "other" });
    try {
      for (const statement of ["begin", "select 1 from numbers where id = 20 for update"])
        await other.query(statement);
      const { release } = run(database(), { lockTimeoutMs: 50 });
      expect((await refusal(release.migrateData())).code).toBe("backfill_failed");
      const { dead } = await release.backfills.show(1);
      expect(dead).toMatchObject([{ key: ["20"], kind: "busy", attempts: 2 }]);
      expect(await changed(database())).toBe(49);
      await other.query("rollback");
      await release.backfills.resume(1);
      await release.migrateData();
      expect(await changed(database())).toBe(50);
    } finally {
      await other.close();
    }
  });

  it("too many rows that fail on one connection stop the others too", async () => {
    await numbers(database(), 30_000);
    await database().query("analyze numbers");
    const { release } = run(database(), {
      ...{ set: undefined, maxFailures: 0, batchSize: 100, maxBatchSize: 100, pauseMs: 20 },
      each(row: Row) {
        if (Number(row.id) === 1) throw new Error("bad");
        return { n: 1 };
      },
    });
    expect((await refusal(release.migrateData())).message).toContain("more than maxFailures: 0");
    expect(await changed(database())).toBeLessThan(5_000);
  });
});
