import { type Chapter, sqlServers, withComments } from "./operation-case.ts";
import { accounts, posts, users } from "./setups.ts";

export const tables: Chapter = {
  title: "Tables",
  file: "tables.ts",
  cases: [
    {
      name: "Create a table",
      note: "`t.id()` makes the primary key of the repo; without it there is none.",
      change(m) {
        m.createTable("posts", (t) => {
          t.id();
          t.column("title", "string", { null: false });
          t.column("body", "text");
        });
      },
    },
    {
      name: "Create a table if it is not there",
      change(m) {
        m.createTable("posts", (t) => t.id(), { ifNotExists: true });
      },
    },
    {
      name: "A table with a comment",
      on: withComments,
      change(m) {
        m.createTable("posts", (t) => t.id(), { comment: "What our authors write" });
      },
    },
    {
      name: "A table with options of the database",
      note: "`options` is appended to CREATE TABLE as it is.",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.id(), { options: "WITH (fillfactor = 70)" });
      },
    },
    {
      name: "A strict table of SQLite",
      on: ["sqlite"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.id(), { options: "STRICT" });
      },
    },
    {
      name: "An unlogged table",
      note: "`modifiers` stands between CREATE and TABLE.",
      on: ["postgres"],
      change(m) {
        m.createTable("hits", (t) => t.column("url", "text"), { modifiers: "unlogged" });
      },
    },
    {
      name: "A table of another engine",
      on: ["mysql", "mariadb"],
      change(m) {
        m.createTable("hits", (t) => t.id(), { engine: "MyISAM" });
      },
    },
    {
      name: "A table in a schema",
      note: "A prefix is a schema in PostgreSQL and a database in MySQL. A prefix given at run time, or by the repo, goes to every operation that names none.",
      on: sqlServers,
      setup: (m) => m.createSchema("billing"),
      change(m) {
        m.createTable("invoices", (t) => t.id(), { prefix: "billing" });
        m.createIndex("invoices", ["id"], { prefix: "billing" });
        m.alterTable("invoices", (t) => t.add("total", "integer"), { prefix: "billing" });
      },
    },
    {
      name: "Checks, unique columns and keys of a table",
      setup: accounts,
      change(m) {
        m.createTable("posts", (t) => {
          t.column("author_id", "bigint");
          t.column("slug", "string", { null: false });
          t.column("price", "integer");
          t.check("price_positive", "price > 0");
          t.unique("posts_slug", ["slug"]);
          t.foreignKey("posts_author", {
            columns: ["author_id"],
            table: "accounts",
            references: ["id"],
            onDelete: "cascade",
          });
        });
      },
    },
    {
      name: "Drop a table",
      note: "`was` says what the table was. Its indexes are not in it: drop them before, and they come back after it.",
      setup: posts,
      change(m) {
        m.dropTable("posts", {
          was: (t) => {
            t.id();
            t.column("title", "string", { null: false });
            t.column("body", "text");
          },
        });
      },
    },
    {
      name: "Drop a table that may not be there",
      setup: posts,
      change(m) {
        m.dropTable("posts", {
          ifExists: true,
          was: (t) => {
            t.id();
            t.column("title", "string", { null: false });
            t.column("body", "text");
          },
        });
      },
    },
    {
      name: "Drop a table with a comment",
      on: withComments,
      setup: (m) => m.createTable("posts", (t) => t.id(), { comment: "Old ones" }),
      change(m) {
        m.dropTable("posts", { was: (t) => t.id(), wasOptions: { comment: "Old ones" } });
      },
    },
    {
      name: "Drop a table with what depends on it",
      note: "What a cascade takes along is written down nowhere, so going down has to say it.",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
      up(m) {
        m.dropTable("users", { cascade: true });
      },
      down(m) {
        users(m);
        m.createConstraint("posts", "posts_author_id_fkey", {
          foreignKey: { columns: ["author_id"], table: "users" },
        });
      },
    },
    {
      name: "Rename a table",
      note: "Names of indexes, constraints and sequences stay as they are.",
      setup: posts,
      change(m) {
        m.renameTable("posts", { to: "articles" });
      },
    },
    {
      name: "Comment on a table",
      note: "`was` is the comment that was there before, or `null`.",
      on: withComments,
      setup: posts,
      change(m) {
        m.commentOnTable("posts", "What our authors write", { was: null });
      },
    },
    {
      name: "Remove the comment of a table",
      on: withComments,
      setup: (m) => m.createTable("posts", (t) => t.id(), { comment: "Old ones" }),
      change(m) {
        m.commentOnTable("posts", null, { was: "Old ones" });
      },
    },
  ],
};
