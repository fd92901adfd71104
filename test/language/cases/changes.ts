import { sql } from "../../../src/core/model/fragment.ts";
import { type Chapter, withComments } from "./operation-case.ts";
import { posts, users } from "./setups.ts";

export const changes: Chapter = {
  title: "Changing a table",
  file: "changes.ts",
  cases: [
    {
      name: "Add columns",
      note: "All changes in one `alterTable` become one statement where the database allows it, and one table rebuild in SQLite.",
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
      name: "Choose the place of the column (MySQL, MariaDB)",
      on: ["mysql", "mariadb"],
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.add("subtitle", "string", { after: "title" }));
      },
    },
    {
      name: "Add a column only if it is missing, remove one only if it exists",
      note: "Afterwards nobody knows whether the column existed before, so you write `down` yourself.",
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
      note: "`was` is the type of the column, or an object with its type and options.",
      setup: posts,
      change(m) {
        m.alterTable("posts", (t) => t.remove("body", { was: "text" }));
      },
    },
    {
      name: "Remove a column that had a default, a key or a comment",
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
      name: "Remove a column and everything that depends on it",
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
      note: "Slipway sets the type and each option that you give. Give the old value of the same options in `was`. If one is missing, Slipway refuses to go down, and `slipway check` reports it beforehand.",
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
      note: "`was: null` means that the column had no default.",
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
      name: "Set a list as the default",
      note: "Give PostgreSQL the `type`, because a list can be JSON or an array.",
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
      name: "Drop a default that was a list",
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
      name: "Change the type",
      setup: (m) => m.createTable("posts", (t) => t.column("code", "string", { size: 20 })),
      change(m) {
        m.alterTable("posts", (t) => {
          t.setType("code", "string", { size: 40, was: { type: "string", size: 20 } });
        });
      },
    },
    {
      name: "Change the precision",
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
      name: "Convert the old values",
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
      name: "Change the collation",
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
      name: "Change the type and the comment",
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
