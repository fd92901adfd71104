/** What cannot be undone, and what the refusal tells the reader to write instead. */
import type { MigrationBuilder } from "../../../src/core/language/builder.ts";
import type { Family } from "../families.ts";
import { posts, users } from "./setups.ts";

type Body = (m: MigrationBuilder) => void;

export type IrreversibleCase = {
  readonly name: string;
  readonly on: readonly Family[];
  readonly setup?: Body;
  readonly change: Body;
  /** The operation in words. */
  readonly operation: string;
  /** What stands between "Write" and "or write up(m) and down(m)". */
  readonly fix: string;
};

const everyone: readonly Family[] = ["postgres", "mysql", "mariadb", "sqlite"];
const postgres: readonly Family[] = ["postgres"];
const withIfExists: readonly Family[] = ["postgres", "mariadb", "sqlite"];

export const irreversible: readonly IrreversibleCase[] = [
  {
    name: "a table, without what it was",
    on: everyone,
    setup: posts,
    change: (m) => m.dropTable("posts"),
    operation: "drop table posts",
    fix: 'm.dropTable("posts", { was: (t) => { … } }) with the columns that it had',
  },
  {
    name: "a table, if it exists",
    on: everyone,
    change: (m) => m.dropTable("posts", { ifExists: true }),
    operation: "drop table if exists posts",
    fix: 'm.dropTable("posts", { was: (t) => { … } }) with the columns that it had',
  },
  {
    name: "a table with what depends on it",
    on: postgres,
    setup: (m) => m.createTable("posts", (t) => t.id()),
    change: (m) => m.dropTable("posts", { cascade: true, was: (t) => t.id() }),
    operation: "drop table posts cascade",
    fix: 'm.dropTable("posts", …) without cascade, after dropping what depends on it',
  },
  {
    name: "a column, without what it was",
    on: everyone,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.remove("body")),
    operation: "alter table posts",
    fix: 't.remove("body", { was: { type: "…" } }) in m.alterTable("posts", …)',
  },
  {
    name: "a column that may not be there",
    on: withIfExists,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.remove("body", { was: "text", ifExists: true })),
    operation: "alter table posts",
    fix: 't.remove("body", …) without ifExists in m.alterTable("posts", …)',
  },
  {
    name: "a column with what depends on it",
    on: postgres,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.remove("body", { was: "text", cascade: true })),
    operation: "alter table posts",
    fix: 't.remove("body", …) without cascade in m.alterTable("posts", …)',
  },
  {
    name: "a column that may have been there before",
    on: withIfExists,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.add("summary", "text", { ifNotExists: true })),
    operation: "alter table posts",
    fix: 't.add("summary", …) without ifNotExists in m.alterTable("posts", …)',
  },
  {
    name: "a modified column, without what it was",
    on: everyone,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.modify("title", "text")),
    operation: "alter table posts",
    fix: 't.modify("title", "text", { was: { type: "…" } }) in m.alterTable("posts", …)',
  },
  {
    name: "a modified column, with less in `was` than in the change",
    on: everyone,
    setup: posts,
    change: (m) =>
      m.alterTable("posts", (t) =>
        t.modify("title", "string", { null: true, default: "", was: "string" }),
      ),
    operation: "alter table posts",
    fix: 'was: { type: "string", null: …, default: … } for column title in m.alterTable("posts", …)',
  },
  {
    name: "a default, without the one before",
    on: everyone,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.setDefault("title", "new")),
    operation: "alter table posts",
    fix: 't.setDefault("title", …, { was: null }) in m.alterTable("posts", …)',
  },
  {
    name: "a dropped default, without the one before",
    on: everyone,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.dropDefault("title")),
    operation: "alter table posts",
    fix: 't.dropDefault("title", { was: … }) in m.alterTable("posts", …)',
  },
  {
    name: "a type, without the one before",
    on: everyone,
    setup: posts,
    change: (m) => m.alterTable("posts", (t) => t.setType("body", "string")),
    operation: "alter table posts",
    fix: 't.setType("body", "string", { was: "…" }) in m.alterTable("posts", …)',
  },
  {
    name: "a collation, without the one before",
    on: postgres,
    setup: posts,
    change: (m) =>
      m.alterTable("posts", (t) => t.setType("body", "text", { collation: "C", was: "text" })),
    operation: "alter table posts",
    fix: 'was: { type: "text", collation: "…" } for column body in m.alterTable("posts", …)',
  },
  {
    name: "an index, by its name alone",
    on: ["postgres", "sqlite"],
    setup(m) {
      users(m);
      m.createIndex("users", ["name"], { name: "by_name" });
    },
    change: (m) => m.dropIndex("users", { name: "by_name" }),
    operation: "drop index by_name",
    fix: 'm.dropIndex("users", [columns], { name: "by_name" })',
  },
  {
    name: "an index with what depends on it",
    on: postgres,
    setup(m) {
      users(m);
      m.createIndex("users", ["name"]);
    },
    change: (m) => m.dropIndex("users", ["name"], { cascade: true }),
    operation: "drop index users_name_index cascade",
    fix: 'm.dropIndex("users", …) without cascade, after dropping what depends on it',
  },
  {
    name: "a constraint, without what it was",
    on: everyone,
    setup(m) {
      users(m);
      m.createConstraint("users", "named", { check: "name <> ''" });
    },
    change: (m) => m.dropConstraint("users", "named"),
    operation: "drop constraint named from table users",
    fix: 'm.dropConstraint("users", "named", { was: { check: "…" } })',
  },
  {
    name: "a constraint with what depends on it",
    on: postgres,
    setup(m) {
      users(m);
      m.createConstraint("users", "once", { unique: ["name"] });
    },
    change: (m) => m.dropConstraint("users", "once", { cascade: true, was: { unique: ["name"] } }),
    operation: "drop constraint once from table users",
    fix: 'm.dropConstraint("users", "once", …) without cascade, after dropping what depends on it',
  },
  {
    name: "a schema with what is in it",
    on: postgres,
    setup: (m) => m.createSchema("billing"),
    change: (m) => m.dropSchema("billing", { cascade: true }),
    operation: "drop schema billing cascade",
    fix: 'm.dropSchema("billing") without cascade, after dropping what depends on it',
  },
  {
    name: "an extension with what uses it",
    on: postgres,
    change: (m) => m.dropExtension("citext", { cascade: true, ifExists: true }),
    operation: "drop extension if exists citext cascade",
    fix: 'm.dropExtension("citext") without cascade, after dropping what depends on it',
  },
  {
    name: "an update of an extension",
    on: postgres,
    change: (m) => m.updateExtension("plpgsql", { to: "1.0" }),
    operation: "update extension plpgsql to 1.0",
    fix: 'm.updateExtension("plpgsql", { to: "1.0", down: "keep" }), which keeps the new version, or was: "…" if the extension has a script for the way back',
  },
  {
    name: "an enum, without its values",
    on: postgres,
    setup: (m) => m.createEnum("mood", ["sad"]),
    change: (m) => m.dropEnum("mood"),
    operation: "drop enum mood",
    fix: 'm.dropEnum("mood", { was: ["…"] }) with the values that it had',
  },
  {
    name: "a value of an enum",
    on: postgres,
    setup: (m) => m.createEnum("mood", ["sad"]),
    change: (m) => m.addEnumValue("mood", "happy"),
    operation: "add value happy to enum mood",
    fix: "your own up(m) and down(m): PostgreSQL cannot remove a value from an enum",
  },
  {
    name: "a sequence, without its options",
    on: ["postgres", "mariadb"],
    setup: (m) => m.createSequence("numbers"),
    change: (m) => m.dropSequence("numbers"),
    operation: "drop sequence numbers",
    fix: 'm.dropSequence("numbers", { was: { … } })',
  },
  {
    name: "a replaced view, without the one before",
    on: everyone,
    setup(m) {
      posts(m);
      m.createView("titles", { as: "SELECT title FROM posts" });
    },
    change: (m) =>
      m.createView("titles", { as: "SELECT title FROM posts WHERE id > 1" }, { orReplace: true }),
    operation: "create or replace view titles",
    fix: 'm.createView("titles", …, { orReplace: true, was: { as: "select …" } })',
  },
  {
    name: "a view, without what it was",
    on: everyone,
    setup(m) {
      posts(m);
      m.createView("titles", { as: "SELECT title FROM posts" });
    },
    change: (m) => m.dropView("titles"),
    operation: "drop view titles",
    fix: 'm.dropView("titles", { was: { as: "select …" } })',
  },
  {
    name: "a view with what depends on it",
    on: postgres,
    setup: (m) => m.createView("ones", { as: "SELECT 1 AS one" }),
    change: (m) => m.dropView("ones", { cascade: true, was: { as: "SELECT 1 AS one" } }),
    operation: "drop view ones cascade",
    fix: 'm.dropView("ones", …) without cascade, after dropping what depends on it',
  },
  {
    name: "a comment, without the one before",
    on: ["postgres", "mysql", "mariadb"],
    setup: posts,
    change: (m) => m.commentOnTable("posts", "What our authors write"),
    operation: "comment on table posts",
    fix: "was: the comment that posts had, or was: null",
  },
  {
    name: "SQL",
    on: everyone,
    setup: posts,
    change: (m) => m.execute("CREATE VIEW titles AS SELECT title FROM posts"),
    operation: 'execute "CREATE VIEW titles AS SELECT title FROM posts"',
    fix: 'm.execute("…", { down: "…" }), or { down: "" } when nothing needs to be undone',
  },
  {
    name: "SQL from a file",
    on: everyone,
    setup: posts,
    change: (m) => m.executeFile("titles.sql"),
    operation: "execute file titles.sql",
    fix: 'm.executeFile("titles.sql", { down: "…" })',
  },
  {
    name: "code",
    on: everyone,
    change: (m) => m.run((db) => db.execute("CREATE TABLE made (id integer)")),
    operation: "run code",
    fix: "m.run(async (db) => { … }, { down: async (db) => { … } })",
  },
  {
    name: "a column out of sight, without what it was",
    on: everyone,
    setup: posts,
    change: (m) => m.dropColumnSafely("posts", "body"),
    operation: "safely: begin: drop column body of table posts",
    fix: 'm.dropColumnSafely("posts", "body", { was: { type: "…" } })',
  },
  {
    name: "an index dropped beside writers, of which only the name is known",
    on: everyone,
    setup(m) {
      posts(m);
      m.createIndex("posts", ["title"]);
    },
    change: (m) => m.dropIndexConcurrently("posts", { name: "posts_title_index" }),
    operation: "safely: drop index posts_title_index of table posts",
    fix: 'm.dropIndexConcurrently("posts", [columns], { name: "posts_title_index" })',
  },
  {
    name: "a replaced index, without what it was",
    on: everyone,
    setup(m) {
      posts(m);
      m.createIndex("posts", ["title"]);
    },
    change: (m) => m.replaceIndex("posts", ["title", "id"], { replaces: "posts_title_index" }),
    operation: "safely: replace index posts_title_index of table posts by posts_title_id_index",
    fix: 'm.replaceIndex("posts", [columns], { replaces: "posts_title_index", was: { columns: […] } })',
  },
  {
    name: "the end of a change of type",
    on: postgres,
    setup(m) {
      posts(m);
      m.changeTypeSafely("posts", "body", "string", { was: "text" });
    },
    change: (m) => m.finishChangeType("posts", "body"),
    operation: "safely: finish: change column body of table posts",
    fix: 'm.finishChangeType("posts", "body", { was: "…" })',
  },
];
