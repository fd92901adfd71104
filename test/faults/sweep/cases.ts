/** What is swept: one migration or a few of each kind, with the database that they find. */
import { defineMigration } from "../../../src/index.ts";
import type { MigrationMap } from "../../../src/release/config.ts";
import { plainSafeCases, safeCases } from "./safe-cases.ts";

export type SweepCase = {
  readonly name: string;
  /** SQL that makes the database as it is before. */
  readonly before: readonly string[];
  readonly migrations: MigrationMap;
  /** They are data migrations. */
  readonly data?: true;
  /**
   * A unit runs code outside of a transaction, so a kill inside it leaves a question that only a person can answer:
   * it was done when this query has rows.
   */
  readonly opaque?: { readonly up: string; readonly down: string };
};

export type SweepKind = "postgres" | "mysql" | "sqlite";

const posts = [
  "create table posts (id bigint primary key, title varchar(100), author_id bigint)",
  "insert into posts values (1, 'one', 1), (2, 'two', 1), (3, 'three', 2)",
];

const postgresCases: readonly SweepCase[] = [
  {
    name: "transactional DSL",
    before: [],
    migrations: {
      "1_posts": defineMigration({
        change(m) {
          m.createTable("posts", (t) => {
            t.id();
            t.column("title", "string", { null: false });
            t.timestamps();
          });
          m.createIndex("posts", ["title"], { unique: true });
        },
      }),
      "2_comments": defineMigration({
        change(m) {
          m.createTable("comments", (t) => {
            t.references("post_id", "posts", { onDelete: "cascade" });
          });
        },
      }),
    },
  },
  {
    name: "transactional with m.run",
    before: posts,
    migrations: {
      "1_upper": defineMigration({
        up(m) {
          m.alterTable("posts", (t) => t.add("words", "integer"));
          m.run(async (db) => {
            await db.query("update posts set words = $1", [1]);
            await db.execute(
              "update posts set words = words + 1; insert into posts values (4, 'four', 2, 9)",
            );
          });
          m.createIndex("posts", ["words"]);
        },
        down(m) {
          m.dropIndex("posts", ["words"]);
          m.run(async (db) => {
            await db.query("delete from posts where id = $1", [4]);
          });
          m.alterTable("posts", (t) => t.remove("words"));
        },
      }),
    },
  },
  {
    name: "SQL file",
    before: posts,
    migrations: {
      "1_tags": `-- migrate:up
create table tags (name text primary key);
insert into tags select title from posts;
alter table posts add column tag text references tags;
update posts set tag = title;
-- migrate:down
alter table posts drop column tag;
drop table tags;`,
    },
  },
  {
    name: "concurrent index, DSL",
    before: posts,
    migrations: {
      "1_index": defineMigration({
        change(m) {
          m.createIndex("posts", ["title"], { concurrently: true });
        },
      }),
    },
  },
  {
    name: "concurrent index, SQL file",
    before: posts,
    migrations: {
      "1_index": `-- migrate:up
create unique index concurrently posts_title on posts (title);
-- migrate:down
drop index concurrently posts_title;`,
    },
  },
  {
    name: "several statements, transaction=false",
    before: posts,
    migrations: {
      "1_steps": `-- slipway: transaction=false
-- migrate:up
create table log (line text);
insert into log values ('made');
create index concurrently posts_author on posts (author_id);
set work_mem = '8MB';
begin;
insert into log values ('half');
insert into log select 'post ' || id from posts;
commit;
vacuum posts;
alter table posts add column note text;
update posts set note = 'seen';
insert into log values ('end');
-- migrate:down
alter table posts drop column note;
drop index concurrently posts_author;
drop table log;`,
    },
  },
  {
    name: "VALIDATE CONSTRAINT",
    before: posts,
    migrations: {
      "1_checked": defineMigration({
        change(m) {
          m.createConstraint("posts", "has_title", { check: "title <> ''", validate: false });
        },
      }),
      "2_valid": `-- slipway: transaction=false
-- migrate:up
alter table posts validate constraint has_title;
-- migrate:down
select 1;`,
    },
  },
  {
    name: "ALTER TYPE ADD VALUE",
    before: ["create type mood as enum ('sad', 'ok')"],
    migrations: {
      "1_mood": `-- slipway: transaction=false
-- migrate:up
alter type mood add value 'happy' after 'ok';
create table people (mood mood);
insert into people values ('happy');
-- migrate:down
drop table people;`,
    },
  },
  {
    name: "data migration",
    before: posts,
    data: true,
    migrations: {
      "1_titles": defineMigration({
        up(m) {
          m.run(async (db) => {
            for (const id of [1, 2, 3])
              await db.query("update posts set title = title || '!' where id = $1", [id]);
          });
        },
        down(m) {
          m.execute("update posts set title = rtrim(title, '!')");
        },
      }),
    },
  },
  {
    name: "code between concurrent indexes (opaque)",
    before: [...posts, "create table log (line text)"],
    opaque: {
      up: "select 1 from log",
      down: "select 1 where not exists (select 1 from log)",
    },
    migrations: {
      "1_mixed": defineMigration({
        up(m) {
          m.createIndex("posts", ["title"], { name: "one", concurrently: true });
          m.run(async (db) => {
            await db.query("insert into log values ('code')");
          });
          m.createIndex("posts", ["author_id"], { name: "two", concurrently: true });
        },
        down(m) {
          m.dropIndex("posts", ["author_id"], { name: "two", concurrently: true });
          m.run(async (db) => {
            await db.query("delete from log");
          });
          m.dropIndex("posts", ["title"], { name: "one", concurrently: true });
        },
      }),
    },
  },
];

const sqliteCases: readonly SweepCase[] = [
  ...postgresCases.filter(({ name }) => ["transactional DSL", "SQL file"].includes(name)),
  {
    name: "rebuild of a table",
    before: [
      ...posts,
      "create table comments (post_id bigint not null references posts on delete cascade)",
      "insert into comments values (1), (2)",
      "create index posts_title on posts (title)",
    ],
    migrations: {
      "1_rebuild": defineMigration({
        up(m) {
          m.alterTable("posts", (t) => t.modify("title", "text", { null: false }));
          m.run(async (db) => {
            await db.query("update posts set title = title || ?", ["!"]);
          });
        },
        down(m) {
          m.execute("update posts set title = rtrim(title, '!')");
          m.alterTable("posts", (t) => t.modify("title", "string", { null: true }));
        },
      }),
    },
  },
  {
    name: "several statements, transaction=false",
    before: posts,
    migrations: {
      "1_steps": `-- slipway: transaction=false
-- migrate:up
create table log (line text);
insert into log values ('made');
pragma foreign_keys = off;
create index posts_author on posts (author_id);
vacuum;
begin;
insert into log values ('half');
insert into log select 'post ' || id from posts;
commit;
alter table posts add column note text;
update posts set note = 'seen';
-- migrate:down
alter table posts drop column note;
drop index posts_author;
drop table log;`,
    },
  },
  {
    name: "data migration",
    before: posts,
    data: true,
    migrations: {
      "1_titles": defineMigration({
        up(m) {
          m.run(async (db) => {
            for (const id of [1, 2, 3])
              await db.query("update posts set title = title || '!' where id = ?", [id]);
          });
        },
        down(m) {
          m.execute("update posts set title = rtrim(title, '!')");
        },
      }),
    },
  },
  {
    name: "code outside of a transaction (opaque)",
    before: [...posts, "create table log (line text)"],
    opaque: {
      up: "select 1 from log",
      down: "select 1 where not exists (select 1 from log)",
    },
    migrations: {
      "1_mixed": defineMigration({
        transaction: false,
        up(m) {
          m.createIndex("posts", ["title"], { name: "one" });
          m.run(async (db) => {
            await db.query("insert into log values ('code')");
          });
          m.createIndex("posts", ["author_id"], { name: "two" });
        },
        down(m) {
          m.dropIndex("posts", ["author_id"], { name: "two" });
          m.run(async (db) => {
            await db.query("delete from log");
          });
          m.dropIndex("posts", ["title"], { name: "one" });
        },
      }),
    },
  },
];

const mysqlCases: readonly SweepCase[] = [
  ...postgresCases.filter(({ name }) => name === "transactional DSL"),
  {
    name: "every kind of DDL, DSL",
    before: posts,
    migrations: {
      "1_steps": defineMigration({
        change(m) {
          m.createTable("tags", (t) => {
            t.id();
            t.column("name", "string", { null: false });
            t.references("post_id", "posts", { onDelete: "cascade" });
          });
          m.createIndex("tags", ["name"], { unique: true });
          m.alterTable("posts", (t) => t.add("words", "integer"));
          m.renameColumn("posts", "words", { to: "letters" });
          m.createConstraint("posts", "some_letters", { check: "letters >= 0" });
          m.renameTable("tags", { to: "labels" });
        },
      }),
    },
  },
  {
    name: "SQL file",
    before: posts,
    migrations: {
      "1_steps": `-- migrate:up
create table log (line varchar(100));
insert into log values ('made');
start transaction;
insert into log values ('half');
insert into log select concat('post ', id) from posts;
commit;
create index posts_author on posts (author_id);
alter table posts add column note varchar(10);
update posts set note = 'seen';
-- migrate:down
alter table posts drop column note;
drop index posts_author on posts;
drop table log;`,
    },
  },
];

export const casesOf: { readonly [Kind in SweepKind]: readonly SweepCase[] } = {
  postgres: [...postgresCases, ...safeCases],
  mysql: [...mysqlCases, ...plainSafeCases],
  sqlite: [...sqliteCases, ...plainSafeCases],
};
