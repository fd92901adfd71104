/** A database for each tenant, on PostgreSQL and MariaDB. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { lockName } from "../../src/release/lock-name.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";
import { freshDatabase } from "../support/postgres.ts";
import { counting, failing, firstTwo, placesRelease, three } from "./places-support.ts";

type Opened = { readonly url: string; readonly adapter: Adapter; dispose(): Promise<void> };

const server = await mariadbOfRun();

const kinds: readonly (readonly [string, () => Promise<Opened>])[] = [
  [
    "PostgreSQL",
    async () => {
      const { url, drop } = await freshDatabase();
      return { url, adapter: postgres({ url }), dispose: drop };
    },
  ],
  ...(server === undefined ? [] : [["MariaDB", () => freshMysql(server.url)] as const]),
];

describe.each(kinds)("a database for each tenant, on %s", (_kind, fresh) => {
  let all: readonly Opened[] = [];
  beforeEach(async () => {
    all = await Promise.all([fresh(), fresh(), fresh(), fresh()]);
  });
  afterEach(async () => {
    await Promise.all(all.map((one) => one.dispose()));
  });

  const tenants = (more: object = {}) => ({
    databases: async () => {
      const [, ...own] = all;
      const names = ["acme", "bolt", "core"];
      return { ...Object.fromEntries(own.map(({ url }, i) => [names[i]!, url])), ...more };
    },
  });
  const run = async (at: number, sql: string) => {
    const session = await all[at]!.adapter.open({ role: "work", application: "test" });
    try {
      return await session.query(sql);
    } finally {
      await session.close();
    }
  };
  const versions = async (at: number) =>
    (await run(at, "SELECT version FROM schema_migrations ORDER BY 1")).map(({ version }) =>
      Number(version),
    );

  const applied = async (at: number) => (await versions(at).catch(() => [])).length;

  it("is migrated with a history of its own, told of, and rolled back by its name", async () => {
    const { adapter, counts } = counting(all[0]!.adapter);
    const { release } = placesRelease(adapter, tenants(), firstTwo);
    expect(await release.migrate({ tenants: { concurrency: 2 } })).toMatchObject([
      { tenants: { tenants: 3, migrated: 3 } },
    ]);
    expect(await Promise.all([1, 2, 3].map(versions))).toEqual([
      [10, 11],
      [10, 11],
      [10, 11],
    ]);
    expect(await release.migrate()).toMatchObject([{ tenants: { tenants: 3, migrated: 0 } }]);
    await release.rollback("main", 11, { tenants: ["bolt"] });
    expect(await versions(2)).toEqual([10]);
    expect((await release.migrationStatus())[0]?.tenants).toEqual({
      ...{ tenants: 3, upToDate: 2, behind: 1, quarantined: 0, oldest: "10", pending: ["11"] },
    });
    const [history] = await release.history({ tenant: "bolt" });
    expect(history?.events[0]).toMatchObject({ version: "11", result: "rolled_back" });
    expect(counts.closed).toBe(counts.opened);
  });

  it("goes on where one fails and one cannot be reached, whose password nobody sees", async () => {
    const { release } = placesRelease(all[0]!.adapter, tenants(), firstTwo);
    await release.migrate();
    await run(2, "ALTER TABLE posts ADD COLUMN tags varchar(20)");
    const lost = new URL(all[1]!.url);
    lost.port = "1";
    lost.password = "sesame";
    const more = placesRelease(all[0]!.adapter, tenants({ lost: lost.href }), three);
    const error = await failing(more.release.migrate());
    expect(error).toMatchObject({
      ...{ code: "tenants_failed", exitCode: 6 },
      details: {
        done: 2,
        failed: expect.arrayContaining([
          expect.objectContaining({ tenant: "bolt", version: "12", name: "tags" }),
          expect.objectContaining({ tenant: "lost", version: "" }),
        ]),
      },
    });
    expect(`${error.message} ${JSON.stringify(error.details)}`).not.toContain("sesame");
    expect(await Promise.all([1, 2, 3].map(versions))).toEqual([
      [10, 11, 12],
      [10, 11],
      [10, 11, 12],
    ]);
    const [status] = await more.release.migrationStatus();
    expect(status?.tenants).toMatchObject({
      ...{ tenants: 4, upToDate: 2, behind: 0, quarantined: 1, unreachable: [{ tenant: "lost" }] },
    });
    await run(2, "ALTER TABLE posts DROP COLUMN tags");
    const names = ["acme", "bolt", "core"];
    expect(await more.release.migrate({ tenants: { names } })).toMatchObject([
      { tenants: { tenants: 3, migrated: 0, quarantined: 1 } },
    ]);
    expect(
      await more.release.migrate({ tenants: { names, retryQuarantined: true } }),
    ).toMatchObject([{ tenants: { tenants: 3, migrated: 1, quarantined: 0 } }]);
    // One that cannot be reached has nothing wrong with it: it is tried again by itself.
    expect(await failing(more.release.migrate())).toMatchObject({
      details: { failed: [{ tenant: "lost" }], triedAgain: true },
    });
  });

  it("is left alone by its own name, whose letters another has in another case", async () => {
    const [, first, second] = all.map(({ url }) => url);
    const both = { databases: { acme: first!, ACME: second! } };
    const names = ["acme", "ACME"];
    await placesRelease(all[0]!.adapter, both, firstTwo).release.migrate();
    for (const at of [1, 2]) await run(at, "ALTER TABLE posts ADD COLUMN tags varchar(20)");
    const { release } = placesRelease(all[0]!.adapter, both, three);
    await failing(release.migrate());
    const kept = async () =>
      (await run(0, "SELECT tenant FROM slipway_tenants ORDER BY 1")).map(({ tenant }) => tenant);
    expect((await kept()).toSorted()).toEqual(names.toSorted());
    await run(1, "ALTER TABLE posts DROP COLUMN tags");
    const retried = { names: ["acme"], retryQuarantined: true };
    expect(await release.migrate({ tenants: retried })).toMatchObject([
      { tenants: { migrated: 1, quarantined: 0 } },
    ]);
    expect(await kept()).toEqual(["ACME"]);
  });

  it("that another process has is passed by, and done when that one is gone", async () => {
    const { adapter, counts } = counting(all[0]!.adapter);
    const { release, heard } = placesRelease(adapter, tenants(), firstTwo);
    const lock = await all[1]!.adapter.open({ role: "lock", application: "test" });
    const attempt = await lock.tryLock(lockName({ name: "schema_migrations" }));
    if (attempt.lease === undefined) throw new Error("the lock is not free");
    const running = release.migrate({ tenants: { concurrency: 1 } });
    try {
      const others = async () => (await applied(2)) + (await applied(3));
      await vi.waitUntil(async () => (await others()) === 4, { timeout: 20_000 });
      expect(await applied(1)).toBe(0);
    } finally {
      // As a process that is killed gives it back.
      await lock.close();
      await running.catch(() => undefined);
    }
    expect(await running).toMatchObject([{ tenants: { tenants: 3, migrated: 3, failed: [] } }]);
    expect(heard.events.filter(({ type }) => type === "lock_waiting")).toEqual([]);
    expect(counts.closed).toBe(counts.opened);
  });

  it("that another process keeps is named once the time for its lock is over", async () => {
    const { release } = placesRelease(all[0]!.adapter, tenants(), firstTwo);
    const lock = await all[1]!.adapter.open({ role: "lock", application: "test" });
    await lock.tryLock(lockName({ name: "schema_migrations" }));
    try {
      expect(await failing(release.migrate({ lockWaitMs: 0 }))).toMatchObject({
        details: { failed: [{ tenant: "acme", version: "" }], done: 2, triedAgain: true },
      });
    } finally {
      await lock.close();
    }
    expect(await release.migrate()).toMatchObject([{ tenants: { migrated: 1, quarantined: 0 } }]);
  });

  it("is migrated once by two runs at the same time", async () => {
    const two = [1, 2].map(() => placesRelease(all[0]!.adapter, tenants(), three).release);
    const outcomes = await Promise.all(two.map((release) => release.migrate()));
    const migrated = outcomes.flatMap(([one]) => one?.tenants?.migrated ?? 0);
    expect(migrated.reduce((a, b) => a + b)).toBe(3);
    expect(await Promise.all([1, 2, 3].map(versions))).toEqual([
      [10, 11, 12],
      [10, 11, 12],
      [10, 11, 12],
    ]);
  });
});
