import type { Chapter } from "./operation-case.ts";
import { accounts, members, posts, users } from "./setups.ts";

export const constraints: Chapter = {
  title: "Constraints",
  file: "constraints.ts",
  cases: [
    {
      name: "A check",
      setup: posts,
      change(m) {
        m.createConstraint("posts", "title_short", { check: "length(title) < 100" });
      },
    },
    {
      name: "A unique constraint",
      setup: posts,
      change(m) {
        m.createConstraint("posts", "title_once", { unique: ["title"] });
      },
    },
    {
      name: "Treat nulls as equal in a unique constraint",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.createConstraint("posts", "body_once", { unique: ["body"], nullsDistinct: false });
      },
    },
    {
      name: "Take over an existing index",
      note: "PostgreSQL renames the index to the constraint's name, and drops it together with the constraint. So `down` builds the index again.",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"], { unique: true });
      },
      up(m) {
        m.createConstraint("posts", "title_once", {
          unique: ["title"],
          usingIndex: "posts_title_index",
        });
      },
      down(m) {
        m.dropConstraint("posts", "title_once");
        m.createIndex("posts", ["title"], { unique: true });
      },
    },
    {
      name: "An exclusion constraint",
      on: ["postgres"],
      setup: (m) => {
        m.createTable("bookings", (t) => {
          t.column("during", "tsrange");
          t.column("open", "boolean");
        });
      },
      change(m) {
        m.createConstraint("bookings", "apart", {
          exclude: { using: "gist", elements: "during WITH &&", where: "open" },
        });
      },
    },
    {
      name: "A foreign key",
      setup(m) {
        accounts(m);
        m.createTable("posts", (t) => t.column("author_id", "bigint"));
      },
      change(m) {
        m.createConstraint("posts", "posts_author", {
          foreignKey: {
            columns: ["author_id"],
            table: "accounts",
            onDelete: "cascade",
            onUpdate: "restrict",
          },
        });
      },
    },
    {
      name: "A foreign key over several columns",
      on: ["postgres"],
      setup(m) {
        members(m);
        m.createTable("posts", (t) => {
          t.column("org_id", "bigint");
          t.column("author_id", "bigint");
        });
      },
      change(m) {
        m.createConstraint("posts", "posts_author", {
          foreignKey: {
            columns: ["org_id", "author_id"],
            table: "members",
            references: ["org_id", "user_id"],
            match: "full",
          },
          deferrable: "initially deferred",
        });
      },
    },
    {
      name: "Skip the check of existing rows, and validate",
      note: "The database checks new rows at once. `validateConstraint` checks the old ones while others read and write.",
      on: ["postgres", "mysql"],
      setup: posts,
      change(m) {
        m.createConstraint("posts", "title_short", {
          check: "length(title) < 100",
          validate: false,
        });
        m.validateConstraint("posts", "title_short");
      },
    },
    {
      name: "A foreign key that skips existing rows",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.column("author_id", "bigint"));
      },
      change(m) {
        m.createConstraint("posts", "posts_author", {
          foreignKey: { columns: ["author_id"], table: "users" },
          validate: false,
        });
      },
    },
    {
      name: "Check at the end of the transaction",
      note: "You can defer every kind of constraint except a check.",
      on: ["postgres"],
      setup: (m) => {
        m.createTable("pages", (t) => {
          t.column("book", "string", { null: false });
          t.column("position", "integer", { null: false });
          t.column("lines", "int4range");
        });
      },
      change(m) {
        m.createConstraint("pages", "pages_pkey", {
          primaryKey: ["book", "position"],
          deferrable: "initially deferred",
        });
        m.createConstraint("pages", "pages_position", {
          unique: ["position"],
          deferrable: "initially immediate",
        });
        m.createConstraint("pages", "pages_apart", {
          exclude: { using: "gist", elements: "lines WITH &&" },
          deferrable: "initially deferred",
        });
      },
    },
    {
      name: "Constraints with comments",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("bookings", (t) => {
          t.column("id", "bigint", { null: false });
          t.column("user_id", "bigint");
          t.column("during", "tsrange");
        });
      },
      change(m) {
        const comment = "For the calendar";
        m.createConstraint("bookings", "bookings_pkey", { primaryKey: ["id"], comment });
        m.createConstraint("bookings", "id_positive", { check: "id > 0", comment });
        m.createConstraint("bookings", "user_once", { unique: ["user_id"], comment });
        m.createConstraint("bookings", "apart", {
          exclude: { using: "gist", elements: "during WITH &&" },
          comment,
        });
        m.createConstraint("bookings", "bookings_user", {
          foreignKey: { columns: ["user_id"], table: "users" },
          comment,
        });
      },
    },
    {
      name: "Drop a constraint",
      setup(m) {
        posts(m);
        m.createConstraint("posts", "title_short", { check: "length(title) < 100" });
      },
      change(m) {
        m.dropConstraint("posts", "title_short", { was: { check: "length(title) < 100" } });
      },
    },
    {
      name: "Drop a constraint that may not exist",
      on: ["postgres", "mariadb", "sqlite"],
      setup(m) {
        posts(m);
        m.createConstraint("posts", "title_short", { check: "length(title) < 100" });
      },
      change(m) {
        m.dropConstraint("posts", "title_short", {
          ifExists: true,
          was: { check: "length(title) < 100" },
        });
      },
    },
    {
      name: "Drop a constraint and everything that depends on it",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
      up(m) {
        m.dropConstraint("users", "users_pkey", { cascade: true });
      },
      down(m) {
        m.createConstraint("users", "users_pkey", { primaryKey: ["id"] });
        m.createConstraint("posts", "posts_author_id_fkey", {
          foreignKey: { columns: ["author_id"], table: "users" },
        });
      },
    },
    {
      name: "Rename a constraint",
      on: ["postgres", "sqlite"],
      setup(m) {
        posts(m);
        m.createConstraint("posts", "title_short", { check: "length(title) < 100" });
      },
      change(m) {
        m.renameConstraint("posts", "title_short", { to: "short_title" });
      },
    },
  ],
};
