import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import {
  type Adapter,
  defineMigration,
  defineRelease,
  type MigrationsOption,
} from "../../src/index.ts";
import { lockName } from "../../src/release/lock-name.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { recorder } from "../support/recorder.ts";
import { freePort } from "../support/server.ts";

const table = (name: string) =>
  defineMigration({ change: (m) => m.createTable(name, (t) => t.id()) });
const later = (name: string) => ({ ...table(name), phase: "after" }) as const;

function releaseOn(adapter: Adapter, migrations: MigrationsOption, version = "1.0.0") {
  const heard = recorder();
  const defined = defineRelease({ app: "app", version, repos: { main: { adapter, migrations } } });
  return { ...heard, release: defined.using(heard.world) };
}

const ready = { repo: "main", ready: true, pending: [], later: [], tooNew: [] };

describe.each(databaseKinds)("wait, on %s", (kind) => {
  let database: TestDatabase;
  beforeEach(async () => {
    database = await testDatabase(kind);
  });
  afterEach(() => database.dispose());
  const on = (migrations: MigrationsOption) => releaseOn(database.adapter, migrations);

  it("ends when what runs before the deploy has run, and not before", async () => {
    const { release, lines } = on({ "1_a": table("a"), "2_b": later("b") });
    const waiting = release.wait();
    await expect.poll(() => lines.length, { timeout: 20_000 }).toBeGreaterThan(0);
    expect(lines).toEqual(["repo main: waiting for 1_a, which nobody runs"]);
    await on({ "1_a": table("a") }).release.migrate();
    expect(await waiting).toEqual([{ ...ready, later: [{ version: "2", name: "b" }] }]);
  });

  it("says after its time what is missing", async () => {
    const { release } = on({ "1_a": table("a"), "2_b": later("b") });
    await expect(release.wait({ timeoutMs: 0 })).rejects.toMatchObject({
      code: "wait_timed_out",
      exitCode: 3,
      message: "not ready after 0 s: repo main waits for 1_a, which nobody runs",
      hint: "Run migrate, or see why the job that does so has not.",
    });
    expect(await release.readiness()).toEqual([
      {
        ...ready,
        ready: false,
        pending: [{ version: "1", name: "a" }],
        later: [{ version: "2", name: "b" }],
      },
    ]);
  });

  it("says who runs it", async () => {
    const { release, lines } = on({ "1_a": table("a") });
    const lock = await database.adapter.open({ role: "lock", application: "slipway app" });
    await lock.tryLock(lockName({ name: "schema_migrations" }));
    try {
      await expect(release.wait({ timeoutMs: 500 })).rejects.toMatchObject({
        hint: "Give it longer with --timeout SECONDS.",
      });
    } finally {
      await lock.close();
    }
    expect(lines[0]).toMatch(/^repo main: waiting for 1_a, run by slipway app, pid \d+/);
  });

  it("refuses at once what has run and is too new, and so does assertMigrated", async () => {
    await on({ "1_a": table("a"), "2_b": later("b") }).release.migrate();
    const { release } = on({ "1_a": table("a") });
    const refusal = {
      code: "release_outdated",
      exitCode: 4,
      message:
        "repo main: this release does not know what has run: 2_b runs when the code before it is gone (after)",
    };
    await expect(release.wait()).rejects.toMatchObject(refusal);
    await expect(release.assertMigrated()).rejects.toMatchObject(refusal);
    await release.assertMigrated({ allowNewer: true });
    const tooNew = [{ version: "2", name: "b" }];
    expect(await release.wait({ allowNewer: true })).toEqual([{ ...ready, tooNew }]);
    expect(await release.readiness()).toEqual([{ ...ready, ready: false, tooNew }]);
  });

  it("starts an old release where what is new declares that it works with it", async () => {
    const contract = { ...later("b"), compatibleFrom: "1.2.0" };
    await on({ "1_a": table("a"), "2_b": contract }).release.migrate();
    const old = (version: string) => releaseOn(database.adapter, { "1_a": table("a") }, version);
    await old("1.2.0").release.assertMigrated();
    const refusals = ["1.1.9", "build-17"].map((version) =>
      old(version)
        .release.assertMigrated()
        .catch((error: Error) => error.message),
    );
    expect(await Promise.all(refusals)).toEqual([
      "repo main: this release does not know what has run: 2_b works from 1.2.0 on, and this is 1.1.9",
      "repo main: this release does not know what has run: 2_b works from 1.2.0 on, and build-17 is no version such as 1.2.3",
    ]);
  });

  it("assertMigrated does not ask for what runs after the deploy", async () => {
    const { release } = on({ "1_a": table("a"), "2_b": later("b") });
    await expect(release.assertMigrated()).rejects.toMatchObject({
      code: "migrations_pending",
      details: { repos: [{ repo: "main", pending: ["1"] }] },
    });
    await release.migrate({ phase: "before" });
    await release.assertMigrated();
  });
});

describe("wait on a server", () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });
  afterEach(() => database.drop());

  it("needs a user that may read the history and nothing else", async () => {
    const owner = postgres({ url: database.url });
    await releaseOn(owner, { "1_a": table("a") }).release.migrate();
    const role = `reader_${new URL(database.url).pathname.slice(1)}`;
    const session = await owner.open({ role: "work", application: "test" });
    try {
      await session.query(`CREATE ROLE ${role} LOGIN PASSWORD 'secret'`);
      await session.query(`GRANT SELECT ON schema_migrations TO ${role}`);
      const url = new URL(database.url);
      url.username = role;
      url.password = "secret";
      const { release } = releaseOn(postgres({ url: url.href }), { "1_a": table("a") });
      expect(await release.wait({ timeoutMs: 0 })).toEqual([ready]);
      const behind = releaseOn(postgres({ url: url.href }), {
        "1_a": table("a"),
        "2_b": table("b"),
      });
      await expect(behind.release.wait({ timeoutMs: 0 })).rejects.toMatchObject({
        code: "wait_timed_out",
      });
      await session.query(`REVOKE SELECT ON schema_migrations FROM ${role}`);
      await expect(release.wait()).rejects.toMatchObject({ code: "history_unreadable" });
    } finally {
      await session.query(`DROP OWNED BY ${role}`);
      await session.query(`DROP ROLE ${role}`);
      await session.close();
    }
  });

  it("waits for a server that is away, and says so", async () => {
    const url = new URL(database.url);
    url.port = String(await freePort());
    const { release, lines } = releaseOn(postgres({ url: url.href }), { "1_a": table("a") });
    await expect(release.wait({ timeoutMs: 600 })).rejects.toMatchObject({
      code: "wait_timed_out",
      hint: "See whether the server can be reached from here.",
    });
    expect(lines[0]).toMatch(/^repo main: waiting for the server: connect ECONNREFUSED/);
  });

  it("does not wait for a server that refuses its user", async () => {
    const url = new URL(database.url);
    url.username = "nobody_of_this_name";
    url.password = "wrong";
    const { release } = releaseOn(postgres({ url: url.href }), { "1_a": table("a") });
    await expect(release.wait()).rejects.toMatchObject({ code: "connection_failed" });
    const unreadable = releaseOn(postgres({ url: "not a url" }), { "1_a": table("a") });
    await expect(unreadable.release.wait()).rejects.toMatchObject({ code: "connection_failed" });
    const noDatabase = releaseOn(mysql({ url: "mysql://127.0.0.1:1" }), { "1_a": "select 1" });
    await expect(noDatabase.release.wait()).rejects.toMatchObject({ code: "connection_failed" });
  });

  it("stops when it is told to", async () => {
    const { release } = releaseOn(postgres({ url: database.url }), { "1_a": table("a") });
    await expect(
      release.using({ signal: AbortSignal.abort("SIGTERM") }).wait(),
    ).rejects.toMatchObject({
      code: "interrupted",
      exitCode: 143,
    });
  });
});
