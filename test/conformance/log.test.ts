/** Conformance 15, 17–19, 69: what a run says. 16 is beside the other cases about prefixes. */
import { defineMigration } from "slipway";
import { expect, it } from "vitest";
import { databaseKinds } from "../support/databases.ts";
import { describeOn, releaseOn, tables } from "./support/release.ts";

const posts = defineMigration({
  change(m) {
    m.createTable("posts", (t) => t.column("title", "string"));
    m.createIndex("posts", ["title"]);
  },
});

/** `== Migrated 10 in 0.0s`, whatever the time was. */
const migrated = (version: number) =>
  expect.stringMatching(new RegExp(`^== Migrated ${version} in \\d+\\.\\ds$`));

describeOn(databaseKinds, (database) => {
  it("15: change forward and backward; its name in place of a module's", async () => {
    const { release, lines } = releaseOn(database(), { "10_create_posts": posts });
    await release.migrate();
    expect(lines.splice(0)).toEqual([
      "== Running 10 create_posts.change forward",
      "create table posts",
      "create index posts_title_index",
      migrated(10),
    ]);
    await release.rollback("main", 10);
    expect(lines).toEqual([
      "== Running 10 create_posts.change backward",
      "drop index posts_title_index",
      "drop table posts",
      migrated(10),
    ]);
  });

  it("15: seconds are cut to tenths, as Ecto cuts them", async () => {
    const { release, lines } = releaseOn(database(), tables("10_posts"));
    const now = () => (lines.some((line) => line.startsWith("create")) ? 52_695 : 0);
    await release.using({ now }).migrate();
    expect(lines.at(-1)).toBe("== Migrated 10 in 52.6s");
  });

  it("17: up and down say no direction; SQL is quoted", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_both": defineMigration({
        up: (m) => m.execute("select 1"),
        down: (m) => m.execute("select 2"),
      }),
    });
    await release.migrate();
    await release.rollback("main", 10);
    expect(lines).toEqual([
      "== Running 10 both.up",
      'execute "select 1"',
      migrated(10),
      "== Running 10 both.down",
      'execute "select 2"',
      migrated(10),
    ]);
  });

  it("18: modifiers of a table are said, in small letters", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_scratch": defineMigration({
        change(m) {
          m.createTable("scratch", (t) => t.id(), { modifiers: "TEMPORARY" });
        },
      }),
    });
    await release.migrate();
    expect(lines[1]).toBe("create temporary table scratch");
  });

  it("19: `log: false` says nothing", async () => {
    const { release, lines } = releaseOn(database(), { "10_create_posts": posts });
    await release.migrate({ log: false });
    await release.migrate({ log: false });
    expect(lines).toEqual([]);
  });
});

describeOn(["pglite", "postgres"], (database) => {
  it("18: create unlogged table", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_sessions": defineMigration({
        change(m) {
          m.createTable("sessions", (t) => t.id(), { modifiers: "UNLOGGED" });
        },
      }),
    });
    await release.migrate();
    expect(lines[1]).toBe("create unlogged table sessions");
    expect(
      await database().query("select relpersistence from pg_class where relname = 'sessions'"),
    ).toEqual([{ relpersistence: "u" }]);
  });

  it("19, 69: notices of the database are logged, with their level", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_twice": defineMigration({
        up(m) {
          m.createTable("duplicate_table", (t) => t.id());
          m.createTable("duplicate_table", (t) => t.id(), { ifNotExists: true });
          m.execute("do $$ begin raise warning 'mind the gap'; end $$");
        },
      }),
    });
    await release.migrate();
    expect(lines).toContain('info: relation "duplicate_table" already exists, skipping');
    expect(lines).toContain("warning: mind the gap");
  });

  it("19: `log: false` silences notices", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_notice": defineMigration({
        up: (m) => m.execute("do $$ begin raise notice 'mind the gap'; end $$"),
      }),
    });
    await release.migrate({ log: false });
    expect(lines).toEqual([]);
  });
});
