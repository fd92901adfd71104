import { sql } from "../../../src/core/model/fragment.ts";
import { type Chapter, withComments } from "./operation-case.ts";
import { posts, users } from "./setups.ts";

export const changes: Chapter = {
  title: "Changing a table",
  file: "changes.ts",
  cases: [
    {
      name: "Add columns",
      note: "All changes of one `alterTable` are one statement where the database can, and one rebuild in SQLite.",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => {
          t.add("summary", "text");
          t.add("score", "integer", { null: false, default: 0 });
        });
      },
    },
    {
      name: "Add a column that refers to another table",
      setup(m) {
        users(m);
        posts(m);
      },
      change(m) {
        m.alterTable("posts", (t) => t.references("author_id", "users", { onDelete: "set null" }));
      },
    },
    {
      name: "Add timestamps",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.timestamps({ null: true }));
      },
    },
    {
      name: "Add a column behind another one",
      on: ["mysql", "mariadb"],
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.add("subtitle", "string", { after: "title" }));
      },
    },
    {
      name: "Add a column if it is not there, remove one if it is",
      note: "Nobody knows afterwards whether it was there before, so going down has to be written.",
      on: ["postgres", "mariadb", "sqlite"],
      setup: posts,
      up(m) {
        m.alterTable("posts", (t) => {
          t.add("summary", "text", { ifNotExists: true });
          t.remove("draft", { ifExists: true });
        });
      },
      down(m) {
        m.alterTable("posts", (t) => t.remove("summary", { ifExists: true }));
      },
    },
    {
      name: "Remove a column",
      note: "`was` is the type, or the type with its options.",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.remove("body", { was: "text" }));
      },
    },
    {
      name: "Remove a column with all that it was",
      setup(m) {
        users(m);
        m.createTable("posts", (t) => {
          t.id();
          t.references("author_id", "users", { null: false, onDelete: "cascade" });
        });
      },
      change(m) {
        m.alterTable("posts", (t) => {
          t.remove("author_id", {
            was: {
              type: "bigint",
              null: false,
              references: { table: "users", onDelete: "cascade" },
            },
          });
        });
      },
    },
    {
      name: "Remove a column with what depends on it",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.createView("bodies", { as: "SELECT body FROM posts" });
      },
      up(m) {
        m.alterTable("posts", (t) => t.remove("body", { cascade: true }));
      },
      down(m) {
        m.alterTable("posts", (t) => t.add("body", "text"));
        m.createView("bodies", { as: "SELECT body FROM posts" });
      },
    },
    {
      name: "Modify a column",
      note: "Restates the type, and of null, default, collation and comment what is given. What is given has to be in `was` too, for it comes back together: with less, going down is refused, and `check` says so.",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => {
          t.modify("title", "text", {
            null: true,
            default: "untitled",
            was: { type: "string", null: false, default: null },
          });
        });
      },
      on: ["postgres", "sqlite", "mysql", "mariadb"],
    },
    {
      name: "Modify the type of a column",
      setup: (m) => m.createTable("posts", (t) => t.column("price", "integer")),
      change(m) {
        m.alterTable("posts", (t) => {
          t.modify("price", "decimal", { precision: 10, scale: 2, was: "integer" });
        });
      },
    },
    {
      name: "Modify the collation and comment of a column",
      on: ["postgres"],
      ownSql: true,
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => {
          t.modify("body", "text", {
            collation: "C",
            comment: "In Markdown",
            was: { type: "text", collation: "default", comment: "" },
          });
        });
      },
    },
    {
      name: "Modify what a column refers to",
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
      change(m) {
        m.alterTable("posts", (t) => {
          t.modify("author_id", "bigint", {
            references: { table: "users", onDelete: "cascade" },
            was: { type: "bigint", references: { table: "users" } },
          });
        });
      },
    },
    {
      name: "Set a default",
      note: "`was: null` says that there was none.",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.setDefault("title", "untitled", { was: null }));
      },
    },
    {
      name: "Set another default",
      setup: (m) => m.createTable("posts", (t) => t.column("score", "integer", { default: 1 })),
      change(m) {
        m.alterTable("posts", (t) => t.setDefault("score", sql`1 + 1`, { was: 1 }));
      },
    },
    {
      name: "Set a default that is a list",
      note: "PostgreSQL needs the type: a list can be JSON or an array.",
      setup: (m) => m.createTable("posts", (t) => t.column("marks", "map")),
      change(m) {
        m.alterTable("posts", (t) => t.setDefault("marks", ["new"], { type: "map", was: null }));
      },
    },
    {
      name: "Drop a default",
      setup: (m) => m.createTable("posts", (t) => t.column("score", "integer", { default: 1 })),
      change(m) {
        m.alterTable("posts", (t) => t.dropDefault("score", { was: 1 }));
      },
    },
    {
      name: "Drop a default that is a list",
      setup: (m) => m.createTable("posts", (t) => t.column("tags", "string[]", { default: [] })),
      on: ["postgres", "sqlite"],
      ownSql: true,
      change(m) {
        m.alterTable("posts", (t) => t.dropDefault("tags", { type: "string[]", was: [] }));
      },
    },
    {
      name: "Set and drop not null",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => {
          t.setNotNull("body");
          t.dropNotNull("title");
        });
      },
    },
    {
      name: "Set the type and nothing else",
      setup: (m) => m.createTable("posts", (t) => t.column("code", "string", { size: 20 })),
      change(m) {
        m.alterTable("posts", (t) => {
          t.setType("code", "string", { size: 40, was: { type: "string", size: 20 } });
        });
      },
    },
    {
      name: "Set the precision",
      setup: (m) => {
        m.createTable("posts", (t) => t.column("price", "decimal", { precision: 8, scale: 2 }));
      },
      change(m) {
        m.alterTable("posts", (t) => {
          t.setType("price", "decimal", {
            precision: 12,
            scale: 4,
            was: { type: "decimal", precision: 8, scale: 2 },
          });
        });
      },
    },
    {
      name: "Set the type with a conversion",
      on: ["postgres", "sqlite"],
      ownSql: true,
      setup: (m) => m.createTable("posts", (t) => t.column("score", "string")),
      change(m) {
        m.alterTable("posts", (t) => {
          t.setType("score", "integer", {
            using: "CAST(score AS integer)",
            was: { type: "string", using: "CAST(score AS text)" },
          });
        });
      },
    },
    {
      name: "Set the collation",
      on: ["postgres"],
      ownSql: true,
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => {
          t.setType("body", "text", {
            collation: "C",
            was: { type: "text", collation: "default" },
          });
        });
      },
    },
    {
      name: "Change the comment with the type",
      on: withComments,
      setup: (m) =>
        m.createTable("posts", (t) => t.column("score", "integer", { comment: "0 to 9" })),
      change(m) {
        m.alterTable("posts", (t) => {
          t.modify("score", "bigint", {
            comment: "Without end",
            was: { type: "integer", comment: "0 to 9" },
          });
        });
      },
    },
  ],
};
