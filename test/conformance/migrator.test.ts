/** Conformance 1–3, 7–12, 30–33, 36, 37, 55, 60–62: going up and down. */
import { defineMigration } from "slipway";
import { expect, it } from "vitest";
import { databaseKinds } from "../support/databases.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";

const applied = ["1_one", "2_two", "3_three"];

describeOn(databaseKinds, (database) => {
  it("1: going up runs a new migration once; again there is nothing to do and nothing changes", async () => {
    const { release, lines } = releaseOn(database(), tables(...applied, "4_four"));
    await release.migrate({ step: 3 });
    expect(versions(await release.migrate())).toEqual(["4"]);
    const rows = await database().query("select * from schema_migrations");
    expect(versions(await release.migrate())).toEqual([]);
    expect(lines.at(-1)).toBe("repo main: Migrations already up");
    expect(await database().query("select * from schema_migrations")).toEqual(rows);
  });

  it("2: going down to what has not run does nothing; what has run goes; ours: what nobody has is refused", async () => {
    const { release, lines } = releaseOn(database(), tables(...applied, "4_four"));
    await release.migrate({ step: 3 });
    expect(versions(await release.rollback("main", 4))).toEqual([]);
    expect(lines.at(-1)).toBe("repo main: Migrations already down");
    expect(versions(await release.rollback("main", 3))).toEqual(["3"]);
    expect(await history(database())).toEqual(["1", "2"]);
    expect(await database().tables()).toEqual(["one", "two"]);
    const { code, message } = await refusal(release.rollback("main", 5));
    expect({ code, message }).toEqual({
      code: "version_unknown",
      message: "repo main has no migration 5",
    });
  });

  it("3: a row has its version and when it was inserted, in UTC", async () => {
    const { release } = releaseOn(database(), tables("20080906120000_hello"));
    const before = Date.now();
    await release.migrate();
    const [row] = await database().query(
      "select cast(version as text) as version, cast(inserted_at as text) as at from schema_migrations",
    );
    expect(row?.version).toBe("20080906120000");
    const insertedAt = Date.parse(`${String(row?.at).replace(" ", "T")}Z`);
    expect(Math.abs(insertedAt - before)).toBeLessThan(60_000);
  });

  it("7: going up without up or change is refused, and the version is not recorded", async () => {
    const { release } = releaseOn(database(), { "10_half": defineMigration({ down() {} }) });
    const { code, message } = await refusal(release.migrate());
    expect({ code, message }).toEqual({
      code: "callback_missing",
      message: "10_half does not implement up or change",
    });
    expect(await history(database())).toBeUndefined();
  });

  it("8: going down without down or change is refused, and the version stays", async () => {
    const { release } = releaseOn(database(), { "10_half": defineMigration({ up() {} }) });
    await release.migrate();
    expect((await refusal(release.rollback("main", 10))).message).toBe(
      "10_half does not implement down or change",
    );
    expect(await history(database())).toEqual(["10"]);
  });

  it("9, ours: code in change without a down is irreversible, and the error names it", async () => {
    const { release } = releaseOn(database(), {
      "10_code": defineMigration({
        change(m) {
          m.run(async () => {}, { label: "count posts" });
        },
      }),
    });
    await release.migrate();
    const { code, message, hint } = await refusal(release.rollback("main", 10));
    expect({ code, message, hint }).toEqual({
      code: "irreversible",
      message: "10_code: cannot reverse migration operation: run code: count posts",
      hint: "Write m.run(async (db) => { … }, { down: async (db) => { … } }), or write up(m) and down(m).",
    });
    expect(await history(database())).toEqual(["10"]);
  });

  it("10: two functions and a pair of SQL run in order up, and their down parts in reverse order", async () => {
    const ran: string[] = [];
    const say = (word: string) => async () => void ran.push(word);
    const { release, lines } = releaseOn(database(), {
      "1_log": defineMigration({
        change(m) {
          m.createTable("log", (t) => t.column("word", "string"));
        },
      }),
      "2_steps": defineMigration({
        change(m) {
          m.run(say("first up"), { down: say("first down") });
          m.execute("insert into log values ('up')", { down: "insert into log values ('down')" });
          m.run(say("last up"), { down: say("last down") });
        },
      }),
    });
    await release.migrate();
    expect(ran).toEqual(["first up", "last up"]);
    lines.length = 0;
    await release.rollback("main", 2);
    expect(ran).toEqual(["first up", "last up", "last down", "first down"]);
    expect(lines.slice(1, -1)).toEqual([
      "run code",
      `execute "insert into log values ('down')"`,
      "run code",
    ]);
    expect(await database().query("select word from log")).toEqual([
      { word: "up" },
      { word: "down" },
    ]);
  });

  it("11, 12, ours: there is no flush, and none is needed: code runs in its place, in change going down too", async () => {
    const seen: unknown[] = [];
    const { release } = releaseOn(database(), {
      "1_posts": defineMigration({
        change(m) {
          expect(m).not.toHaveProperty("flush");
          m.createTable("posts", (t) => t.column("title", "string"));
          m.run(async (db) => void (await db.execute("insert into posts values ('hello')")), {
            down: async (db) => void seen.push(...(await db.query("select title from posts"))),
          });
          m.createIndex("posts", ["title"]);
        },
      }),
      "2_more": defineMigration({
        up(m) {
          m.execute("insert into posts values ('more')");
          m.run(async (db) => void seen.push(...(await db.query("select title from posts"))));
        },
        down(m) {
          m.execute("delete from posts where title = 'more'");
          m.run(async (db) => void seen.push(...(await db.query("select title from posts"))));
        },
      }),
    });
    await release.migrate();
    expect(seen.splice(0)).toEqual([{ title: "hello" }, { title: "more" }]);
    await release.rollback("main", { all: true });
    expect(seen).toEqual([{ title: "hello" }, { title: "hello" }]);
    expect(await database().tables()).toEqual([]);
  });

  it("55: what is applied can be read before and after", async () => {
    const { release } = releaseOn(database(), tables("20_twenty", "30_thirty"));
    const up = async () => {
      const [status] = await release.migrationStatus();
      return status?.migrations.filter((row) => row.status === "up").map((row) => row.version);
    };
    expect(await up()).toEqual([]);
    await release.migrate();
    expect(await up()).toEqual(["20", "30"]);
    await release.rollback("main", 30);
    expect(await up()).toEqual(["20"]);
  });

  it("60: one step up, then up to a version", async () => {
    const { release } = releaseOn(database(), tables("47_a", "48_b"));
    expect(versions(await release.migrate({ step: 1 }))).toEqual(["47"]);
    expect(await history(database())).toEqual(["47"]);
    expect(versions(await release.migrate({ to: 48 }))).toEqual(["48"]);
  });

  it("61: one step down, then up again", async () => {
    const { release } = releaseOn(database(), tables("49_a", "50_b"));
    await release.migrate();
    expect(versions(await release.rollback("main", { step: 1 }))).toEqual(["50"]);
    expect(await history(database())).toEqual(["49"]);
    expect(versions(await release.migrate({ to: 50 }))).toEqual(["50"]);
  });

  it("62: all up, again, all down, all up", async () => {
    const { release } = releaseOn(database(), tables("53_a", "54_b"));
    expect(versions(await release.migrate())).toEqual(["53", "54"]);
    expect(versions(await release.migrate())).toEqual([]);
    expect(versions(await release.rollback("main", { all: true }))).toEqual(["54", "53"]);
    expect(await history(database())).toEqual([]);
    expect(versions(await release.migrate())).toEqual(["53", "54"]);
  });
});
