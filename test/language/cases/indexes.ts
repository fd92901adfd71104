import { sql } from "../../../src/core/model/fragment.ts";
import { type Chapter, sqlServers } from "./operation-case.ts";
import { posts, users } from "./setups.ts";

export const indexes: Chapter = {
  title: "Indexes",
  file: "indexes.ts",
  cases: [
    {
      name: "Create an index",
      note: "It is called `users_name_index`. A default name that is too long is shortened with a hash; a long name that you give is refused.",
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
      name: "Order",
      setup: users,
      change(m) {
        m.createIndex("users", [{ column: "name", order: "desc" }, "id"]);
      },
    },
    {
      name: "An expression",
      on: ["postgres", "mysql", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", [sql`lower(name)`]);
      },
    },
    {
      name: "Only some rows",
      on: ["postgres", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { where: "id > 100" });
      },
    },
    {
      name: "Nulls first or last, an operator class, a collation",
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
      name: "A collation of SQLite",
      on: ["sqlite"],
      ownSql: true,
      setup: users,
      change(m) {
        m.createIndex("users", [{ column: "name", collation: "nocase" }]);
      },
    },
    {
      name: "Columns that are only carried along",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["id"], { include: ["name"], name: "users_id_with_name" });
      },
    },
    {
      name: "Another method",
      on: sqlServers,
      ownSql: true,
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { using: "hash" });
      },
      except: { mariadb: "InnoDB builds a B-tree whatever is asked for" },
    },
    {
      name: "Nulls that count as equal",
      note: "PostgreSQL 15 and newer.",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { unique: true, nullsDistinct: false });
      },
    },
    {
      name: "Storage parameters and a comment",
      on: ["postgres"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { options: "fillfactor = 50", comment: "For the search" });
      },
    },
    {
      name: "Not on the partitions",
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
      name: "Without stopping writers",
      note: "The migration then runs without a transaction. MySQL and MariaDB are told `LOCK=NONE`, and stop if they cannot.",
      on: sqlServers,
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { concurrently: true });
      },
    },
    {
      name: "If it is not there",
      on: ["postgres", "mariadb", "sqlite"],
      setup: users,
      change(m) {
        m.createIndex("users", ["name"], { ifNotExists: true });
      },
    },
    {
      name: "Drop an index",
      note: "Reversible with its columns and options; by name alone it is not.",
      setup(m) {
        users(m);
        m.createIndex("users", ["name"], { unique: true });
      },
      change(m) {
        m.dropIndex("users", ["name"], { unique: true });
      },
    },
    {
      name: "Drop an index that may not be there",
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
      name: "Drop an index without stopping writers",
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
      name: "Drop an index with what depends on it",
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
      note: "Give its columns, or its name.",
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
