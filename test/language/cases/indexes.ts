import { sql } from "../../../src/core/model/fragment.ts";
import { type Chapter, sqlServers } from "./operation-case.ts";
import { posts, users } from "./setups.ts";

export const indexes: Chapter = {
  title: "Indexes",
  file: "indexes.ts",
  cases: [
    {
      name: "Create an index",
      note: "The index is called `users_name_index`. If a default name is too long, Slipway shortens it with a hash. If your own name is too long, Slipway refuses it.",
      setup: users,
      change(m) {
        m.createIndex("users", ["name"]);
      },
    },
    {
      name: "A unique index with a name",
      setup: users,
      change(m) {
        m.createIndex("users", ["name", "id"], { name: "one_name", unique: true });
      },
    },
    {
      name: "Choose the order",
      setup: users,
      change(m) {
        m.createIndex("users", [{ column: "name", order: "desc" }, "id"]);
      },
    },
    {
      name: "Index an expression",
      on: ["postgres", "mysql", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", [sql`lower(name)`]);
      },
    },
    {
      name: "Index only some rows",
      on: ["postgres", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { where: "id > 100" });
      },
    },
    {
      name: "Set nulls first, an operator class, a collation",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", [
          { column: "name", operatorClass: "varchar_pattern_ops" },
          { expression: sql`lower(name)`, collation: "C", order: "desc", nulls: "last" },
        ]);
      },
    },
    {
      name: "Use a collation of SQLite in an index",
      on: ["sqlite"],
      ownSql: true,
      setup: users,
      change(m) {
        m.createIndex("users", [{ column: "name", collation: "nocase" }]);
      },
    },
    {
      name: "Carry columns along",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["id"], { include: ["name"], name: "users_id_with_name" });
      },
    },
    {
      name: "Choose another index method",
      on: sqlServers,
      ownSql: true,
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { using: "hash" });
      },
      except: { mariadb: "InnoDB builds a B-tree whatever is asked for" },
    },
    {
      name: "Treat nulls as equal in a unique index",
      note: "Needs PostgreSQL 15 or newer.",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { unique: true, nullsDistinct: false });
      },
    },
    {
      name: "Set storage parameters and a comment",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { options: "fillfactor = 50", comment: "For the search" });
      },
    },
    {
      name: "Leave out the partitions",
      on: ["postgres"],
      setup: (m) => {
        m.createTable("hits", (t) => t.column("day", "date"), {
          options: "PARTITION BY RANGE (day)",
        });
      },
      change(m) {
        m.createIndex("hits", ["day"], { only: true });
      },
    },
    {
      name: "Build it without blocking writers",
      note: "The migration runs without a transaction. On MySQL and MariaDB Slipway adds `LOCK=NONE`, so the server refuses a build that would block writers.",
      on: sqlServers,
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { concurrently: true });
      },
    },
    {
      name: "Create an index only if it is missing",
      on: ["postgres", "mariadb", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { ifNotExists: true });
      },
    },
    {
      name: "Drop an index",
      note: "You can roll it back if you give the columns and options. By name alone you cannot.",
      setup(m) {
        users(m);
        m.createIndex("users", ["name"], { unique: true });
      },
      change(m) {
        m.dropIndex("users", ["name"], { unique: true });
      },
    },
    {
      name: "Drop an index that may not exist",
      on: ["postgres", "mariadb", "sqlite"],
      setup(m) {
        users(m);
        m.createIndex("users", ["name"]);
      },
      change(m) {
        m.dropIndex("users", ["name"], { ifExists: true });
      },
    },
    {
      name: "Drop an index without blocking anyone",
      on: sqlServers,
      setup(m) {
        users(m);
        m.createIndex("users", ["name"]);
      },
      change(m) {
        m.dropIndex("users", ["name"], { concurrently: true });
      },
    },
    {
      name: "Drop an index and everything that depends on it",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createIndex("users", ["name"], { unique: true });
        m.createTable("posts", (t) =>
          t.references("author", "users", { column: "name", type: "string" }),
        );
      },
      up(m) {
        m.dropIndex("users", ["name"], { cascade: true });
      },
      down(m) {
        m.createIndex("users", ["name"], { unique: true });
        m.createConstraint("posts", "posts_author_fkey", {
          foreignKey: { columns: ["author"], table: "users", references: ["name"] },
        });
      },
    },
    {
      name: "Rename an index",
      note: "Name the index by its columns, or by its name.",
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"]);
        m.createIndex("posts", ["id"], { name: "old" });
      },
      change(m) {
        m.renameIndex("posts", ["title"], { to: "by_title" });
        m.renameIndex("posts", "old", { to: "new" });
      },
    },
  ],
};
