/** Conformance 20–26, 59: when the lock is taken, and when nothing of ours is written. */
import { defineMigration } from "slipway";
import { expect, it } from "vitest";
import { databaseKinds } from "../support/databases.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";
import { watch } from "./support/watch.ts";

/** Fails in its first operation. */
const failing = defineMigration({ up: (m) => m.execute("this is no SQL"), down() {} });

describeOn(databaseKinds, (database) => {
  it("20, ours: one lock per run and not per migration, up and down", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one", "2_two", "3_three"));
    await release.migrate();
    expect(watched.locks.splice(0)).toEqual(["slipway:.schema_migrations"]);
    await release.rollback("main", 2);
    expect(watched.locks).toEqual(["slipway:.schema_migrations"]);
  });

  it("20, ours: whoever has nothing to do does not take the lock, up and down", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one", "2_two"));
    await release.migrate({ step: 1 });
    watched.locks.length = 0;
    watched.opened.length = 0;
    await release.migrate({ to: 1 });
    await release.rollback("main", 2);
    expect(watched.locks).toEqual([]);
    expect(watched.opened).toEqual(["work", "work"]);
  });

  it("21, ours: the lock is the repo's and the run's to switch off, not a migration's", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one"), { lock: false });
    await release.migrate();
    expect(watched.locks).toEqual([]);
    expect(await history(database())).toEqual(["1"]);
    await release.rollback("main", 1, { lock: true });
    expect(watched.locks).toHaveLength(1);

    const own = { "1_one": { ...tables("1_one")["1_one"], lock: false } as never };
    expect((await refusal(releaseOn(database(), own).release.migrate())).message).toBe(
      "file 1_one: a migration has no lock",
    );
  });

  it("22: an error without the lock is still told", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, { "1_bad": failing }, { lock: false });
    expect((await refusal(release.migrate())).code).toBe("migration_failed");
    expect(watched.locks).toEqual([]);
    expect(await history(database())).toEqual([]);
  });

  it("23: `lock: false` for one run", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one"));
    await release.migrate({ lock: false });
    await release.rollback("main", 1, { lock: false });
    expect(watched.locks).toEqual([]);
    expect(watched.opened).toEqual(["work", "work"]);
  });

  it("24, ours: the lock has the name of the history table, so two of them do not wait for each other", async () => {
    const watched = watch(database().adapter);
    const options = { historyTable: "versions", dataMigrations: tables("9_nine") };
    const { release } = releaseOn(watched, tables("1_one"), options);
    await release.migrate();
    await release.migrateData();
    expect(watched.locks).toEqual(["slipway:.versions", "slipway:.data_migrations"]);
    expect(await history(database(), "versions")).toEqual(["1"]);
  });

  it("24, ours: what is pending is read before the lock and again under it", async () => {
    const watched = watch(database().adapter);
    await releaseOn(watched, tables("1_one")).release.migrate();
    // The table is read; that it has its columns is asked without a row.
    const reads = /\bSELECT\b[\s\S]*\bFROM "schema_migrations"(?! LIMIT 0)/;
    const order = watched.sent.filter((sent) => sent === "lock" || reads.test(sent));
    expect(order).toEqual([
      expect.stringContaining("SELECT"),
      "lock",
      expect.stringContaining("SELECT"),
    ]);
  });

  it("25, ours: status takes no lock and writes nothing, and no table means that all is pending", async () => {
    const watched = watch(database().adapter);
    const { release } = releaseOn(watched, tables("1_one", "2_two"));
    const [status] = await release.migrationStatus({ data: true });
    expect(status?.migrations.map((row) => `${row.version} ${row.status}`)).toEqual([
      "1 down",
      "2 down",
    ]);
    await release.plan();
    await refusal(release.assertMigrated());
    // A setting of that one message, which shows all rows or none, writes nothing.
    const reads = /^(?:SET LOCAL row_security = off;\n)?SELECT/;
    expect(watched.sent.filter((sent) => !reads.test(sent))).toEqual([]);
    expect(watched.opened).toEqual(["work", "work", "work"]);
    expect(await history(database())).toBeUndefined();
  });

  it("26, ours: the first run that has something to do makes the table, under the lock", async () => {
    const watched = watch(database().adapter);
    await releaseOn(watched, {}).release.migrate();
    expect(await history(database())).toBeUndefined();
    await releaseOn(watched, tables("1_one")).release.migrate();
    const order = watched.sent.filter(
      (sent) => sent === "lock" || /^CREATE.*schema_migrations/.test(sent),
    );
    expect(order).toEqual([
      "lock",
      expect.stringMatching(/^CREATE TABLE IF NOT EXISTS "schema_migrations"/),
    ]);
  });

  const crashes: readonly [string, () => Promise<void>][] = [
    ["rejects", () => Promise.reject(new Error("the disk is full"))],
    [
      "throws",
      () => {
        throw new Error("the disk is full");
      },
    ],
  ];
  it.each(crashes)(
    "59: code that %s: the caller is told, nothing stays, the lock is free",
    async (_, run) => {
      const watched = watch(database().adapter);
      const { release } = releaseOn(watched, {
        ...tables("1_one"),
        "2_code": defineMigration({
          change(m) {
            m.createTable("two", (t) => t.id());
            m.run(run, { down: run, label: "copy" });
          },
        }),
      });
      const { code, message } = await refusal(release.migrate());
      expect({ code, message }).toEqual({
        code: "migration_failed",
        message:
          'repo main: 2_code failed going up at "run code: copy": the disk is full; done before it: 1 (main)',
      });
      expect(watched.open.now).toBe(0);
      expect(await history(database())).toEqual(["1"]);
      expect(await database().tables()).toEqual(["one"]);
      const next = releaseOn(database(), tables("1_one", "2_two"), { lockWaitMs: 0 }).release;
      expect(versions(await next.migrate())).toEqual(["2"]);
    },
  );
});
