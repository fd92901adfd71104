/** Conformance 49–51, 53, 54, 64, 115: which connections are opened, and that they are closed. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { defineMigration, defineRelease } from "slipway";
import { afterAll, beforeEach, describe, expect, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { databaseKinds, testDatabase } from "../support/databases.ts";
import { openPglite } from "../support/pglite.ts";
import { recorder } from "../support/recorder.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";
import { tree } from "./support/tree.ts";
import { watch } from "./support/watch.ts";

/** A PGlite that is open before and after every run. */
const client = await openPglite();
beforeEach(() => client.exec("drop schema public cascade; create schema public"));
afterAll(() => client.close());

/** Nothing listens there. */
const unreachable = postgres({ url: "postgres://me:secret@127.0.0.1:1/blog" });

describeOn(databaseKinds, (database) => {
  it("49: every method opens connections of its own, at most two, and closes them", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one"));
    await release.migrationStatus();
    expect(watched.open).toEqual({ now: 0, most: 1 });
    await release.migrate();
    await release.rollback("main", 1);
    await release.migrateOnBoot();
    await release.assertMigrated();
    expect(watched.open).toEqual({ now: 0, most: 2 });
    expect(watched.opened.filter((role) => role === "lock")).toHaveLength(3);
  });

  it("51: when one of two repos cannot be reached, nothing runs on the other", async () => {
    const watched = watch(database().adapter);
    const { world, lines } = recorder();
    const release = defineRelease({
      app: "blog",
      repos: {
        main: { adapter: watched.adapter, migrations: tables("1_one") },
        away: { adapter: unreachable, migrations: tables("1_one") },
      },
    }).using(world);
    const { code, message, hint, exitCode } = await refusal(release.migrate());
    expect({ code, message, hint, exitCode }).toEqual({
      code: "connection_failed",
      message:
        "repo away: cannot connect to postgres://me@127.0.0.1:1/blog: connect ECONNREFUSED 127.0.0.1:1",
      hint: "Is the server running at 127.0.0.1:1? Check the host and the port in the URL.",
      exitCode: 2,
    });
    expect(lines).toEqual([]);
    expect(watched.open.now).toBe(0);
    expect(await history(database())).toBeUndefined();
  });

  it("53, ours: the history cannot live in another database: its row is part of the migration's transaction", async () => {
    const main = { adapter: database().adapter, migrationRepo: "other" };
    const define = () => defineRelease({ app: "blog", repos: { main } });
    expect(define).toThrowError("repo main has no option migrationRepo");
    await database().query("create table log (word varchar(20))");
    const { release } = releaseOn(database(), {
      "1_seen": defineMigration({
        up(m) {
          m.execute("insert into log values ('body')");
        },
        beforeCommit(m) {
          m.execute("insert into schema_migrations (version) values (1)");
        },
      }),
    });
    expect((await refusal(release.migrate())).code).toBe("migration_failed");
    expect(await database().query("select word from log")).toEqual([]);
    expect(await history(database())).toEqual([]);
  });

  it("54: another database for a while: up, status and down happen there and nowhere else", async () => {
    const other = await testDatabase("sqlite");
    const { release } = releaseOn(database(), tables("1_one", "2_two"));
    const there = release.using({ adapters: { main: other.adapter } });
    expect(versions(await there.migrate())).toEqual(["1", "2"]);
    expect(versions(await there.rollback("main", 2))).toEqual(["2"]);
    const [status] = await there.migrationStatus();
    expect(status?.migrations.map((row) => row.status)).toEqual(["up", "down"]);
    expect(await other.tables()).toEqual(["one"]);
    expect(await history(database())).toBeUndefined();
    expect(versions(await release.migrate({ step: 1 }))).toEqual(["1"]);
    await other.dispose();
  });

  it("64, ours: there is no pool to size, and without the lock one connection is enough", async () => {
    const watched = watch(database().adapter);
    const main = { adapter: watched.adapter, migrations: tables("1_one"), poolSize: 1 };
    expect(() => defineRelease({ app: "blog", repos: { main } })).toThrowError(
      "repo main has no option poolSize",
    );
    await releaseOn(watched, tables("1_one")).release.migrate({ lock: false });
    expect(watched.open).toEqual({ now: 0, most: 1 });
  });

  it("115: of two repos, both are migrated, and the one that was open stays open", async () => {
    const { world } = recorder();
    const release = defineRelease({
      app: "blog",
      repos: {
        main: { adapter: database().adapter, migrations: tables("1_one") },
        open: { adapter: pglite({ client }), migrations: tables("1_one", "2_two") },
      },
    }).using(world);
    expect((await release.migrate()).map((one) => [one.repo, versions(one)])).toEqual([
      ["main", ["1"]],
      ["open", ["1", "2"]],
    ]);
    expect((await client.query("select version from schema_migrations")).rows).toHaveLength(2);
  });
});

describe("on a PGlite", () => {
  it("49: a folder is closed at the end, so that another process can open it", async () => {
    const dataDir = join(tree({}), "data");
    const { release } = releaseOn({ adapter: pglite({ dataDir }) }, tables("1_one"));
    await release.migrate();
    expect(existsSync(dataDir)).toBe(true);
    expect(existsSync(`${dataDir}.lock`)).toBe(false);
  });

  it("50: a client that is open already is used and stays open", async () => {
    const { release } = releaseOn({ adapter: pglite({ client }) }, tables("1_one"));
    expect(versions(await release.migrate())).toEqual(["1"]);
    expect(client.closed).toBe(false);
  });
});

describeOn(["postgres"], (database) => {
  const mine = `select count(*)::int as count from pg_stat_activity
    where datname = current_database() and application_name = 'slipway blog'`;
  const count = async () => (await database().query(mine))[0]?.count;

  it.each([
    { lock: true, connections: 2 },
    { lock: false, connections: 1 },
  ])(
    "64, ours: with lock $lock a run has $connections, and none afterwards, as the server counts them",
    async ({ lock, connections }) => {
      const counted: unknown[] = [];
      const { release } = releaseOn(database(), {
        "1_count": defineMigration({
          up: (m) => m.run(async () => void counted.push(await count())),
        }),
      });
      await release.migrate({ lock });
      expect(counted).toEqual([connections]);
      // The server hears of the end of a connection a moment later.
      await expect.poll(count).toBe(0);
    },
  );
});
