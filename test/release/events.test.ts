/** The event table: what is written of what happens, and what `history` shows of it. */
import {
  defineMigration,
  defineRelease,
  type HistoryEvent,
  type MigrationsOption,
  type ReleaseChanges,
} from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const posts = defineMigration({ change: (m) => m.createTable("posts", (t) => t.id()) });
const broken = "-- migrate:up\ninsert into nowhere values (1);\n-- migrate:down\nselect 1;";
const password = "s3cret";
const failing = { code: "migration_failed" };

describe.each(databaseKinds)("the event table, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());

  function release(migrations: MigrationsOption, changes: ReleaseChanges<"main"> = {}) {
    const defined = defineRelease({
      app: "blog",
      version: "1.2.0",
      repos: { main: { adapter: database.adapter, migrations, dataMigrations: {} } },
    });
    return defined.using({ ...recorder().world, host: "web-1", user: "anna", ...changes });
  }

  async function events(limit?: number): Promise<readonly HistoryEvent[]> {
    const [main] = await release({}).history(limit === undefined ? {} : { limit });
    return main?.events ?? [];
  }

  const short = async () =>
    (await events()).map(({ version, direction, result }) => `${version} ${direction} ${result}`);

  it("is not made by looking", async () => {
    expect(await events()).toEqual([]);
    await expect(database.query("select * from slipway_events")).rejects.toThrow(
      /no such table|does not exist/,
    );
  });

  it("says who did what, when, under which lock", async () => {
    await release({ "1_posts": posts }).migrate();
    await release({ "1_posts": posts }).rollback("main", 1);
    const [down, up] = await events();
    expect(up).toEqual({
      at: expect.any(Date),
      history: "schema_migrations",
      version: "1",
      name: "posts",
      direction: "up",
      result: "applied",
      reason: undefined,
      durationMs: kind === "sqlite" ? undefined : expect.any(Number),
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      release: "blog 1.2.0",
      host: "web-1",
      user: "anna",
      fence: "1",
    });
    expect(Math.abs(Date.now() - (up?.at?.getTime() ?? 0))).toBeLessThan(3_600_000);
    expect(down).toMatchObject({ result: "rolled_back", direction: "down", fence: "2" });
    expect(down?.runId).not.toBe(up?.runId);
  });

  it("has the number of the lock that the history row has", async () => {
    await release({ "1_posts": posts }).migrate();
    await release({ "1_posts": posts, "2_more": "create table more (id integer)" }).migrate();
    const rows = await database.query(
      "select cast(fence as text) as fence from schema_migrations order by version",
    );
    expect(rows).toEqual([{ fence: "1" }, { fence: "2" }]);
    await release({ "3_none": "create table none (id integer)" }).migrate({ lock: false });
    expect((await events())[0]).toMatchObject({ version: "3", fence: undefined });
  });

  it.each([
    ["in a transaction", broken],
    ["outside of one", `-- slipway: transaction=false\n${broken}`],
  ])("keeps a failure %s, which the rollback does not take with it", async (_, migration) => {
    await expect(release({ "1_posts": posts, "2_bad": migration }).migrate()).rejects.toMatchObject(
      failing,
    );
    const [failed, applied] = await events();
    expect(applied).toMatchObject({ version: "1", result: "applied" });
    expect(failed).toMatchObject({ version: "2", name: "bad", direction: "up", result: "failed" });
    expect(failed?.reason).toMatch(/nowhere/);
    expect(failed?.durationMs).toBeGreaterThanOrEqual(0);
    expect(failed?.runId).toBe(applied?.runId);
    expect(await database.tables()).toEqual(["posts"]);
  });

  it("keeps no password of a reason, and no more than can be read", async () => {
    const reason = `connect postgres://me:${password}@db/app ${"x".repeat(5_000)}`;
    const fails = defineMigration({
      up: (m) =>
        m.run(() => {
          throw new Error(reason);
        }),
      down: () => undefined,
    });
    await expect(release({ "1_fails": fails }).migrate()).rejects.toMatchObject(failing);
    const [failed] = await events();
    expect(failed?.reason).toMatch(/^connect postgres:\/\/me:\*\*\*@db\/app xxx/);
    expect(failed?.reason).toHaveLength(2_000);
  });

  it("keeps what a signal interrupted", async () => {
    const stop = new AbortController();
    const stopped = defineMigration({
      up(m) {
        m.run(() => stop.abort("SIGTERM"));
        m.execute("create table never (id integer)");
      },
      down: () => undefined,
    });
    const run = release({ "1_stopped": stopped }, { signal: stop.signal }).migrate();
    await expect(run).rejects.toMatchObject({ code: "interrupted" });
    expect((await events())[0]).toMatchObject({ result: "interrupted", reason: "SIGTERM" });
    expect(await database.tables()).toEqual([]);
  });

  it("keeps an answer of mark", async () => {
    const two = "-- slipway: transaction=false\nvacuum;\ninsert into nowhere values (1);";
    await expect(release({ "1_two": two }).migrate()).rejects.toMatchObject(failing);
    await database.query("update slipway_journal set state = 'started' where position = 0");
    await release({ "1_two": two }).mark("main", 1, { as: "done" });
    expect((await events())[0]).toMatchObject({ result: "marked", reason: "done", version: "1" });
  });

  it("gives the newest first, and no more than asked for, of this history only", async () => {
    await release({ "1_posts": posts, "2_more": "create table more (id integer)" }).migrate();
    await database.query(
      "insert into slipway_events (history, version, direction, result) values ('others', 9, 'up', 'applied')",
    );
    expect(await short()).toEqual(["2 up applied", "1 up applied"]);
    expect((await events(1)).map(({ version }) => version)).toEqual(["2"]);
  });

  it("does not stop a run that it cannot be told of, but says so", async () => {
    const heard = recorder();
    const drops = defineMigration({
      transaction: false,
      up(m) {
        m.run(async (db) => {
          await db.query("drop table slipway_events");
          throw new Error("mine");
        });
      },
      down: () => undefined,
    });
    await expect(release({ "1_drops": drops }, heard.world).migrate()).rejects.toThrow(/mine/);
    expect(heard.lines.join("\n")).toMatch(
      /the event table does not know of this: .*slipway_events/,
    );
  });
});
