/** Conformance 13, 14, 16: a prefix for the history and for everything that names none. */
import { defineMigration } from "slipway";
import { beforeEach, describe, expect, it } from "vitest";
import { testDatabase } from "../support/databases.ts";
import { describeOn, history, refusal, releaseOn, tables, versions } from "./support/release.ts";

describeOn(["pglite", "postgres"], (database) => {
  beforeEach(async () => {
    for (const schema of ["foo", "bar"]) {
      await database().query(`drop schema if exists ${schema} cascade`);
      await database().query(`create schema ${schema}`);
    }
  });

  const schemaOf = async (table: string) => {
    const rows = await database().query(
      `select schemaname from pg_tables where tablename = '${table}' order by 1`,
    );
    return rows.map((row) => row.schemaname);
  };

  it("13: the version is stored under the prefix, and the tables are made there", async () => {
    const { release } = releaseOn(database(), tables("10_posts"));
    await release.migrate({ prefix: "foo" });
    expect(await history(database(), "foo.schema_migrations")).toEqual(["10"]);
    expect(await schemaOf("schema_migrations")).toEqual(["foo"]);
    expect(await schemaOf("posts")).toEqual(["foo"]);
    expect(versions(await release.rollback("main", 10, { prefix: "foo" }))).toEqual(["10"]);
    expect(await schemaOf("posts")).toEqual([]);
  });

  it("13: the prefix of a run wins over the repo's", async () => {
    const { release } = releaseOn(database(), tables("10_posts"), { prefix: "bar" });
    await release.migrate({ prefix: "foo" });
    expect(await schemaOf("posts")).toEqual(["foo"]);
    expect(await history(database(), "foo.schema_migrations")).toEqual(["10"]);
  });

  it("13: the repo's prefix is for its tables, the history stays where it was", async () => {
    const { release } = releaseOn(database(), tables("10_posts"), { prefix: "bar" });
    await release.migrate();
    expect(await schemaOf("posts")).toEqual(["bar"]);
    expect(await history(database())).toEqual(["10"]);
  });

  it("13: an operation that names another prefix than the run is refused", async () => {
    const { release } = releaseOn(database(), {
      "10_posts": defineMigration({
        change(m) {
          m.createTable("posts", (t) => t.id(), { prefix: "bar" });
        },
      }),
    });
    expect((await refusal(release.migrate({ prefix: "foo" }))).message).toBe(
      "10_posts: the prefix bar does not match the migrator's prefix foo",
    );
    expect(await schemaOf("schema_migrations")).toEqual([]);
  });

  it("14: what has run counts for its own prefix", async () => {
    const { release } = releaseOn(database(), tables("10_posts"));
    await release.migrate({ prefix: "foo" });
    expect(versions(await release.migrate({ prefix: "foo" }))).toEqual([]);
    expect(versions(await release.migrate({ prefix: "bar" }))).toEqual(["10"]);
    expect(versions(await release.migrate())).toEqual(["10"]);
    expect(await schemaOf("posts")).toEqual(["bar", "foo", "public"]);
    const [status] = await release.migrationStatus({ prefix: "foo" });
    expect(status?.migrations.map((row) => row.status)).toEqual(["up"]);
  });

  it("16: log lines carry the prefix", async () => {
    const { release, lines } = releaseOn(database(), {
      "10_comments": defineMigration({
        change(m) {
          m.createTable("comments", (t) => t.column("title", "string"), { prefix: "foo" });
          m.createIndex("comments", ["title"], { prefix: "foo" });
        },
      }),
    });
    await release.migrate();
    await release.rollback("main", 10);
    expect(lines.filter((line) => !line.startsWith("=="))).toEqual([
      "create table foo.comments",
      "create index foo.comments_title_index",
      "drop index foo.comments_title_index",
      "drop table foo.comments",
    ]);
  });
});

describe("on sqlite", () => {
  it("13, ours: a prefix is refused before anything runs, because SQLite has none", async () => {
    const database = await testDatabase("sqlite");
    const { release } = releaseOn(database, tables("10_posts"));
    const { code, message, exitCode } = await refusal(release.migrate({ prefix: "foo" }));
    expect({ code, message, exitCode }).toEqual({
      code: "operation_unsupported",
      message: "repo main: SQLite cannot use the prefix foo of schema_migrations",
      exitCode: 4,
    });
    expect(await history(database)).toBeUndefined();
    await database.dispose();
  });
});
