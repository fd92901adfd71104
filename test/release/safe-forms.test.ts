/** What old and new code see while a safe form is on its way, with rows. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { defineRelease, isReleaseError, type MigrationDefinition, sql } from "../../src/index.ts";
import { databaseKinds, type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

let database: TestDatabase;
afterEach(() => database.dispose());

/** Runs migrations on the database as it is, and gives what was told; or goes back by one. */
function releaseOf(change: MigrationDefinition["change"], safe?: "auto") {
  const { world, lines, warnings } = heard();
  const release = defineRelease({
    app: "app",
    repos: {
      main: {
        adapter: database.adapter,
        migrations: { "1_safe": { change: change! } },
        ...(safe === undefined ? {} : { safe }),
      },
    },
  }).using(world);
  return { release, lines, warnings };
}

function heard() {
  const { world, lines } = recorder();
  const warnings: string[] = [];
  const emit: typeof world.emit = (event) => {
    if (event.type === "warning") warnings.push(event.message);
    world.emit?.(event);
  };
  return { world: { ...world, emit }, lines, warnings };
}

const rows = async (query: string) =>
  (await database.query(query)).map((row) => Object.values(row).map(String).join(" "));

describe.each(databaseKinds)("on %s", (kind) => {
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query("create table posts (id bigint primary key, title varchar(100))");
  });

  it("fills three batches along the key, and a run that failed goes on behind the last one", async () => {
    await database.query(
      "insert into posts with recursive n(i) as (select 1 union all select i + 1 from n where i < 2500) select i, 'Post ' || i from n",
    );
    const change: MigrationDefinition["change"] = (m) =>
      m.addColumnWithBackfill("posts", "slug", "string", {
        fill: sql`case when id = 2400 and title <> '' then null else lower(title) end`,
        null: false,
      });
    const failed = await releaseOf(change)
      .release.migrate()
      .catch((error: unknown) => error);
    expect(isReleaseError(failed) && failed.code).toBe("migration_failed");
    expect(await rows("select count(*) from posts where slug is null")).toEqual(["1"]);
    // Mended by hand: the form asks only for rows that still need it.
    await database.query("update posts set slug = 'post 2400', title = '' where id = 2400");
    await releaseOf(change).release.migrate();
    expect(await rows("select count(*) from posts where slug = 'post ' || id")).toEqual(["2500"]);
    expect(await rows("select state from slipway_journal")).toEqual([]);
  });

  it("takes a column out of sight, and brings it back with its rows", async () => {
    await database.query("insert into posts values (1, 'one')");
    const { release } = releaseOf((m) => m.dropColumnSafely("posts", "title", { was: "string" }));
    await release.migrate();
    expect(await rows("select * from posts")).toEqual(["1 one"]);
    await expect(database.query("select posts.title from posts")).rejects.toThrow(/title/);
    await release.rollback("main", 1);
    expect(await rows("select title from posts")).toEqual(["one"]);
  });
});

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  beforeEach(async () => {
    database = await testDatabase(kind);
    await database.query(
      "create table posts (id bigserial primary key, title text not null default '-', views int not null default 0, slug text unique)",
    );
    await database.query("insert into posts (title, views) values ('one', 1)");
  });

  it("lets old and new code use a column by either name", async () => {
    const { release } = releaseOf((m) => m.renameColumnSafely("posts", "title", { to: "heading" }));
    await release.migrate();
    await database.query("insert into posts (title) values ('old')");
    await database.query("insert into posts (heading, slug) values ('new', 'n')");
    await database.query("insert into posts (slug) values ('default')");
    await database.query("update posts set heading = 'ONE' where title = 'one'");
    await database.query(
      "insert into posts (title, slug) values ('again', 'n') on conflict (slug) do update set title = excluded.title",
    );
    const seen = ["ONE ONE", "old old", "again again", "- -"];
    expect(await rows("select title, heading from posts order by id")).toEqual(seen);
    await release.rollback("main", 1);
    expect(await rows("select title from posts order by id")).toEqual(
      seen.map((each) => each.split(" ")[0]),
    );
  });

  it("lets old and new code use a table by either name, with the rights that they had", async () => {
    await database.query(
      "do $$ begin create role slipway_reader; exception when duplicate_object then null; end $$",
    );
    await database.query("grant select on posts to slipway_reader");
    const { release } = releaseOf((m) => m.renameTableSafely("posts", { to: "articles" }));
    await release.migrate();
    await database.query("insert into posts (title) values ('old')");
    await database.query("insert into articles (title) values ('new')");
    const granted =
      "select has_table_privilege('slipway_reader', 'posts', 'select') as reads, has_table_privilege('slipway_reader', 'posts', 'insert') as writes";
    expect(await rows(granted)).toEqual(["true false"]);
    expect(await rows("select title from posts order by id")).toEqual(["one", "old", "new"]);
    await release.rollback("main", 1);
    expect(await rows(granted)).toEqual(["true false"]);
    expect(await database.tables()).toEqual(["posts"]);
    await database.query("drop owned by slipway_reader");
  });

  it("gives the second name of a column the rights on the first", async () => {
    await database.query(
      "do $$ begin create role slipway_reader; exception when duplicate_object then null; end $$",
    );
    await database.query("grant select (id, title) on posts to slipway_reader");
    const { release } = releaseOf((m) => m.renameColumnSafely("posts", "title", { to: "heading" }));
    await release.migrate();
    const may = ["id", "title", "heading", "views"].map(
      (name) => `has_column_privilege('slipway_reader', 'posts', '${name}', 'select') as ${name}`,
    );
    expect(await rows(`select ${may.join(", ")}`)).toEqual(["true true true false"]);
    await release.rollback("main", 1);
    await database.query("drop owned by slipway_reader");
  });

  it("changes a type and keeps the old column in step until the end", async () => {
    const { release } = releaseOf((m) =>
      m.changeTypeSafely("posts", "views", "bigint", {
        null: false,
        default: 0,
        was: { type: "integer", null: false, default: 0 },
      }),
    );
    await release.migrate();
    await database.query("insert into posts (title, views) values ('two', 2)");
    await database.query("insert into posts (title) values ('none')");
    // As a subscription writes them, for which no ordinary trigger fires.
    await database.query(
      "begin; set local session_replication_role = replica; insert into posts (title, views) values ('sent', 3); commit",
    );
    expect(
      await rows("select title, views, pg_typeof(views), views__old from posts order by id"),
    ).toEqual(["one 1 bigint 1", "two 2 bigint 2", "none 0 bigint 0", "sent 3 bigint 3"]);
    await release.rollback("main", 1);
    expect(await rows("select title, views, pg_typeof(views) from posts order by id")).toEqual([
      "one 1 integer",
      "two 2 integer",
      "none 0 integer",
      "sent 3 integer",
    ]);
  });

  it("refuses a change of type that would leave something behind, before anything changes", async () => {
    await database.query("create index posts_views on posts (views)");
    await database.query("create view popular as select id from posts where views > 10");
    const { release } = releaseOf((m) =>
      m.changeTypeSafely("posts", "views", "bigint", { was: "integer" }),
    );
    const failed = await release.migrate().catch((error: unknown) => error);
    expect(isReleaseError(failed) && failed.message).toContain(
      "column views of posts cannot be replaced yet: index posts_views, rule _RETURN on view popular would stay behind",
    );
    expect(await rows("select * from posts")).toEqual(["1 one 1 null"]);
  });

  it("refuses to change the type of a column that is not there, before anything changes", async () => {
    const { release } = releaseOf((m) =>
      m.changeTypeSafely("posts", "likes", "bigint", { was: "integer" }),
    );
    const failed = await release.migrate().catch((error: unknown) => error);
    expect(isReleaseError(failed) && failed.message).toContain("posts has no column likes");
    expect(await rows("select * from posts")).toEqual(["1 one 1 null"]);
    expect(await rows("select state from slipway_journal")).toEqual([]);
  });

  it("replaces what would stop others, says so, and leaves alone what is made in the same run", async () => {
    const { release, warnings } = releaseOf((m) => {
      m.createTable("tags", (t) => t.column("name", "string"));
      m.createIndex("tags", ["name"]);
      m.createIndex("posts", ["views"]);
      m.createConstraint("posts", "some_views", { check: "views >= 0" });
      m.alterTable("posts", (t) => {
        t.add("note", "text");
        t.setNotNull("slug");
        t.add("token", "uuid", { default: sql`gen_random_uuid()` });
        t.add("seen_at", "utc_datetime", { default: sql`now()` });
      });
    }, "auto");
    await database.query("update posts set slug = 's'");
    await release.migrate();
    expect(warnings).toEqual([
      "1_safe: create index posts_views_index is replaced by safely: create index posts_views_index on table posts",
      "1_safe: create check constraint some_views on table posts is replaced by safely: add check constraint some_views to table posts",
      "1_safe: alter table posts is replaced by alter table posts; safely: set not null on column slug of table posts; safely: add column token to table posts; alter table posts",
    ]);
    expect(
      await rows("select note, slug, token is null as a, seen_at is null as b from posts"),
    ).toEqual(["null s false false"]);
    await release.rollback("main", 1);
    expect(await database.tables()).toEqual(["posts"]);
    expect(await rows("select * from posts")).toEqual(["1 one 1 s"]);
  });

  it("leaves alone what its author has answered for", async () => {
    const { world, warnings } = heard();
    const change: MigrationDefinition["change"] = (m) => {
      m.createIndex("posts", ["views"]);
      m.createConstraint("posts", "some_views", { check: "views >= 0" });
    };
    const release = defineRelease({
      app: "app",
      repos: {
        main: {
          adapter: database.adapter,
          safe: "auto",
          migrations: {
            "1_small": { change, safe: { "index-not-concurrent": "it has ten rows" } },
          },
        },
      },
    }).using(world);
    const [planned] = await release.plan();
    expect(planned?.steps[0]?.replaced).toEqual([
      {
        operation: "create check constraint some_views on table posts",
        by: ["safely: add check constraint some_views to table posts"],
      },
    ]);
    expect(warnings).toHaveLength(1);
  });
});
