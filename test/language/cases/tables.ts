import { type Chapter, sqlServers, withComments } from "./operation-case.ts";
import { accounts, posts, users } from "./setups.ts";

export const tables: Chapter = {
  title: "Tables",
  file: "tables.ts",
  cases: [
    {
      name: "Create a table",
      note: "`t.id()` adds the repo's primary key. Leave it out and the table has none.",
      change(m) {
        m.createTable("posts", (t) => {
          t.id();
          t.column("title", "string", { null: false });
          t.column("body", "text");
        });
      },
    },
    {
      name: "Only if it does not exist yet",
      change(m) {
        m.createTable("posts", (t) => t.id(), { ifNotExists: true });
      },
    },
    {
      name: "With a comment",
      on: withComments,
      change(m) {
        m.createTable("posts", (t) => t.id(), { comment: "What our authors write" });
      },
    },
    {
      name: "With options of the database",
      note: "Slipway appends the text of `options` to CREATE TABLE, unchanged.",
      on: ["postgres"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.id(), { options: "WITH (fillfactor = 70)" });
      },
    },
    {
      name: "A STRICT table (SQLite)",
      on: ["sqlite"],
      ownSql: true,
      change(m) {
        m.createTable("posts", (t) => t.id(), { options: "STRICT" });
      },
    },
    {
      name: "An unlogged table",
      note: "Slipway writes `modifiers` between CREATE and TABLE.",
      on: ["postgres"],
      change(m) {
        m.createTable("hits", (t) => t.column("url", "text"), { modifiers: "unlogged" });
      },
    },
    {
      name: "Another engine (MySQL, MariaDB)",
      on: ["mysql", "mariadb"],
      change(m) {
        m.createTable("hits", (t) => t.id(), { engine: "MyISAM" });
      },
    },
    {
      name: "In a schema",
      note: "A prefix is a schema in PostgreSQL and a database in MySQL. If you give one at run time, or in the repo, it applies to every operation that names none.",
      on: sqlServers,
      setup: (m) => m.createSchema("billing"),
      change(m) {
        m.createTable("invoices", (t) => t.id(), { prefix: "billing" });
        m.createIndex("invoices", ["id"], { prefix: "billing" });
        m.alterTable("invoices", (t) => t.add("total", "integer"), { prefix: "billing" });
      },
    },
    {
      name: "With checks, unique columns and foreign keys",
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
      note: "`was` describes the table, so that going down can create it again. It holds no indexes: drop them first with `m.dropIndex`, and going down brings them back last.",
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
      name: "Drop a table that may not exist",
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
      name: "Drop a table that has a comment",
      on: withComments,
      setup: (m) => m.createTable("posts", (t) => t.id(), { comment: "Old ones" }),
      change(m) {
        m.dropTable("posts", { was: (t) => t.id(), wasOptions: { comment: "Old ones" } });
      },
    },
    {
      name: "Drop a table and everything that depends on it",
      note: "Nothing records what a cascade takes along, so you write `down` yourself.",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
      up(m) {
        m.dropTable("users", { cascade: true });
      },
      down(m) {
        m.createTable("users", (t) => {
          t.id();
          t.column("name", "string");
        });
        m.createConstraint("posts", "posts_author_id_fkey", {
          foreignKey: { columns: ["author_id"], table: "users" },
        });
      },
    },
    {
      name: "Rename a table",
      note: "Indexes, constraints and sequences keep their names.",
      setup: posts,
      change(m) {
        m.renameTable("posts", { to: "articles" });
      },
    },
    {
      name: "Comment on a table",
      note: "`was` is the old comment, or `null` if there was none.",
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
