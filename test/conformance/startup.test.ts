/** Conformance 52, 122: the check at the start of an app, and migrating there. */
import { defineMigration, defineRelease } from "slipway";
import { expect, inject, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { databaseKinds, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";

describeOn(databaseKinds, (database) => {
  it("52: migrates all repos at the start", async () => {
    const { release } = releaseOn(database(), tables("1_one", "2_two"));
    expect(versions(await release.migrateOnBoot())).toEqual(["1", "2"]);
    expect(versions(await release.migrateOnBoot())).toEqual([]);
  });

  it("52: options are passed on; how far to go is not one of them", async () => {
    const { release, lines } = releaseOn(database(), tables("1_one", "2_two"));
    await release.migrateOnBoot({ repo: "main", log: false, lock: false });
    expect(lines).toEqual([]);
    expect(await history(database())).toEqual(["1", "2"]);
    const { message } = await refusal(release.migrateOnBoot({ step: 1 } as never));
    expect(message).toBe("migrateOnBoot has no option step");
  });

  it("52: `skip` runs nothing and opens nothing", async () => {
    const away = postgres({ url: "postgres://127.0.0.1:1/blog" });
    const { release } = releaseOn({ adapter: away }, tables("1_one"));
    expect(await release.migrateOnBoot({ skip: true })).toEqual([]);
  });

  it("52: a migration that fails is thrown, so that the app does not start", async () => {
    const { release } = releaseOn(database(), {
      ...tables("1_one"),
      "2_bad": defineMigration({ up: (m) => m.execute("this is no SQL") }),
    });
    expect((await refusal(release.migrateOnBoot())).code).toBe("migration_failed");
    expect(await history(database())).toEqual(["1"]);
  });

  it("122: passes when nothing is pending", async () => {
    const { release, lines, output } = releaseOn(database(), tables("1_one"));
    await release.migrate();
    lines.length = 0;
    await release.assertMigrated();
    expect({ lines, output }).toEqual({ lines: [], output: [] });
  });

  it("122: throws what is pending, of every repo, and changes nothing", async () => {
    const other = await testDatabase("sqlite");
    const { world } = recorder();
    const release = defineRelease({
      app: "blog",
      repos: {
        main: { adapter: database().adapter, migrations: tables("1_one", "2_two") },
        done: { adapter: other.adapter, migrations: tables("1_one"), historyTable: "done" },
        other: { adapter: other.adapter, migrations: tables("3_three") },
      },
    }).using(world);
    await release.migrate({ repo: "main", step: 1 });
    await release.migrate({ repo: "done" });
    const { code, message, hint, exitCode } = await refusal(release.assertMigrated());
    expect({ code, message, hint, exitCode }).toEqual({
      code: "migrations_pending",
      message: "there are pending migrations: main (2); other (3)",
      hint: "Run: slipway migrate",
      exitCode: 3,
    });
    await release.assertMigrated({ repo: "done" });
    expect(await history(database())).toEqual(["1"]);
    await other.dispose();
  });

  it("122, ours: a database that is away fails the check, beside one that is up to date", async () => {
    const { world } = recorder();
    const release = defineRelease({
      app: "blog",
      repos: {
        main: { adapter: database().adapter, migrations: {} },
        away: { adapter: postgres({ url: "postgres://127.0.0.1:1/blog" }), migrations: {} },
      },
    }).using(world);
    await release.assertMigrated({ repo: "main" });
    expect((await refusal(release.assertMigrated())).code).toBe("connection_failed");
  });

  it("122, ours: a history that cannot be read fails the check: an app must not start on a guess", async () => {
    await database().query("create table schema_migrations (something integer)");
    const { release } = releaseOn(database(), tables("1_one"));
    const { code, exitCode } = await refusal(release.assertMigrated());
    expect({ code, exitCode }).toEqual({ code: "history_foreign", exitCode: 2 });
  });
});

it("122: a database that is not there is told with what makes it", async () => {
  const url = new URL(inject("postgresUrl"));
  url.pathname = "/not_there";
  const { release } = releaseOn({ adapter: postgres({ url: url.href }) }, tables("1_one"));
  const { code, hint } = await refusal(release.assertMigrated());
  expect({ code, hint }).toEqual({
    code: "connection_failed",
    hint: "The database not_there does not exist: create it with slipway create.",
  });
});
