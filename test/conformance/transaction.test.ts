/** Conformance 42, 45–47, 56, 58: one transaction per migration, its callbacks, and failures in it. */
import { defineMigration, type MigrationBuilder, type MigrationDefinition } from "slipway";
import { expect, it } from "vitest";
import { databaseKinds } from "../support/databases.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";
import { watch } from "./support/watch.ts";

/** Writes a word into the table `log`, another one going down. */
const note = (word: string) => (m: MigrationBuilder) =>
  m.execute(`insert into log values ('${word}')`, {
    down: `insert into log values ('${word} down')`,
  });

const log = defineMigration({
  change(m) {
    m.createTable("log", (t) => t.column("word", "string"));
  },
});

const noted: MigrationDefinition = {
  afterBegin: note("after begin"),
  change: note("change"),
  beforeCommit: note("before commit"),
};

describeOn(databaseKinds, (database) => {
  const words = async () =>
    (await database().query("select word from log")).map((row) => String(row.word));

  it("42: each migration is one transaction with its row", async () => {
    const { release, events } = releaseOn(database(), tables("1_one", "2_two"));
    await release.migrate({ logMigratorSql: true, log: false });
    const said = events.map((event) => (event.type === "sql" ? event.sql.split(" ", 1)[0] : ""));
    const own = said.filter((word) => word === "BEGIN" || word === "COMMIT");
    expect(own).toEqual(["BEGIN", "COMMIT", "BEGIN", "COMMIT"]);
  });

  it("42: a migration that fails in its transaction leaves nothing, forced off it leaves what ran", async () => {
    const broken = (transaction: boolean) =>
      defineMigration({
        transaction,
        up(m) {
          m.createTable("half", (t) => t.id());
          m.execute("this is no SQL");
        },
      });
    const inside = releaseOn(database(), { "1_broken": broken(true) }).release;
    expect((await refusal(inside.migrate())).hint).toMatch(/^It was rolled back whole\./);
    expect(await database().tables()).toEqual([]);
    const outside = releaseOn(database(), { "1_broken": broken(false) }).release;
    expect((await refusal(outside.migrate())).hint).toMatch(/^It does not run in a transaction/);
    expect(await database().tables()).toEqual(["half"]);
    expect(await history(database())).toEqual([]);
  });

  it("45: callbacks run around the body going up, and their down parts, in their own places, going down", async () => {
    const { release } = releaseOn(database(), { "1_log": log, "2_noted": noted });
    await release.migrate();
    expect(await words()).toEqual(["after begin", "change", "before commit"]);
    await database().query("delete from log");
    await release.rollback("main", 2);
    expect(await words()).toEqual(["after begin down", "change down", "before commit down"]);
  });

  it("45, ours: a repo has callbacks too, outside of a migration's", async () => {
    const hooks = { afterBegin: note("repo begins"), beforeCommit: note("repo commits") };
    await releaseOn(database(), { "1_log": log }).release.migrate();
    const { release } = releaseOn(database(), { "1_log": log, "2_noted": noted }, hooks);
    await release.migrate();
    expect(await words()).toEqual([
      "repo begins",
      "after begin",
      "change",
      "before commit",
      "repo commits",
    ]);
  });

  it("46: before the commit, the body has run", async () => {
    const seen: unknown[] = [];
    const { release } = releaseOn(database(), {
      "1_log": log,
      "2_noted": {
        change: note("change"),
        beforeCommit(m) {
          m.run(async (db) => void seen.push(...(await db.query("select word from log"))));
        },
      },
    });
    await release.migrate();
    expect(seen).toEqual([{ word: "change" }]);
  });

  it("47: without a transaction callbacks do not run", async () => {
    const { release } = releaseOn(database(), {
      "1_log": log,
      "2_noted": { ...noted, transaction: false },
    });
    await release.migrate();
    await release.rollback("main", 2);
    expect(await words()).toEqual(["change", "change down"]);
  });

  it("56: when the version cannot be recorded, the migration is rolled back", async () => {
    await database().query(
      "create table schema_migrations (version bigint primary key, inserted_at timestamp, check (version <> 2))",
    );
    const { release } = releaseOn(database(), tables("1_one", "2_two"));
    const { code, message } = await refusal(release.migrate());
    expect(code).toBe("migration_failed");
    expect(message).toMatch(/^repo main: 2_two failed going up: .*; done before it: 1 \(main\)$/);
    expect(await database().tables()).toEqual(["one"]);
    expect(await history(database())).toEqual(["1"]);
  });

  it("58: bad SQL is told with the operation that it was in, and no connection stays open", async () => {
    const watched = watch(database().adapter);
    const { release, events } = releaseOn(watched, {
      ...tables("1_one"),
      "2_bad": defineMigration({
        change(m) {
          m.createTable("two", (t) => t.id());
          m.execute("this is no SQL", { down: "" });
          m.createTable("three", (t) => t.id());
        },
      }),
    });
    const { code, message, exitCode } = await refusal(release.migrate());
    expect({ code, exitCode }).toEqual({ code: "migration_failed", exitCode: 1 });
    expect(message).toMatch(
      /^repo main: 2_bad failed going up at "execute \\?"this is no SQL\\?"": .*this.*; done before it: 1 \(main\)$/,
    );
    expect(events.at(-1)?.type).toBe("migration_failed");
    expect(watched.open.now).toBe(0);
    expect(await database().tables()).toEqual(["one"]);
    const next = releaseOn(database(), tables("1_one", "2_two")).release;
    expect(versions(await next.migrate())).toEqual(["2"]);
  });
});

describeOn(["pglite", "postgres"], (database) => {
  it("42, ours: what PostgreSQL refuses in a transaction takes its migration out of it; saying otherwise is refused", async () => {
    const again = (transaction?: boolean) =>
      defineMigration({
        ...(transaction === undefined ? {} : { transaction }),
        change: (m) => m.createIndex("one", ["id"], { name: "again", concurrently: true }),
      });
    const told = releaseOn(database(), { ...tables("1_one"), "2_again": again(true) }).release;
    expect((await refusal(told.migrate())).message).toBe(
      'file 2_again: PostgreSQL refuses "create index again" inside one transaction, but the migration says transaction: true',
    );
    expect(await history(database())).toBeUndefined();
    const { release } = releaseOn(database(), { ...tables("1_one"), "2_again": again() });
    expect(versions(await release.migrate())).toEqual(["1", "2"]);
    expect(
      await database().query(
        "select indisvalid from pg_index where indexrelid = 'again'::regclass",
      ),
    ).toEqual([{ indisvalid: true }]);
  });
});
