import type { Chapter } from "./operation-case.ts";
import { members, users } from "./setups.ts";

export const references: Chapter = {
  title: "References",
  file: "references.ts",
  cases: [
    {
      name: "A column that refers to another table",
      note: "The type is the one that refers to the repo's primary key. The key is called `posts_author_id_fkey`.",
      setup: users,
      change(m) {
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
    },
    {
      name: "What a repo says for all references",
      setup: (m) => m.createTable("users", (t) => t.id({ name: "uid", type: "uuid" })),
      defaults: { foreignKey: { column: "uid", type: "uuid" } },
      change(m) {
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
    },
    {
      name: "Another name, column and type",
      setup: (m) => {
        m.createTable("users", (t) => {
          t.column("email", "string", { null: false });
          t.unique("users_email", ["email"]);
        });
      },
      change(m) {
        m.createTable("posts", (t) => {
          t.references("author", "users", { name: "written_by", column: "email", type: "string" });
        });
      },
    },
    {
      name: "When the parent goes or changes",
      note: '`"cascade"`, `"restrict"`, `"no action"`, `"set null"` or `"set default"`.',
      setup: users,
      change(m) {
        m.createTable("posts", (t) => {
          t.references("author_id", "users", { onDelete: "cascade", onUpdate: "cascade" });
          t.references("editor_id", "users", { onDelete: "set null", onUpdate: "restrict" });
          t.references("reader_id", "users", { onDelete: "restrict", onUpdate: "no action" });
        });
      },
    },
    {
      name: "Set the default when the parent goes",
      on: ["postgres", "sqlite"],
      setup: users,
      change(m) {
        m.createTable("posts", (t) => {
          t.references("author_id", "users", { default: 1, onDelete: "set default" });
        });
      },
    },
    {
      name: "Set only some columns when the parent goes",
      note: "PostgreSQL 15 and newer.",
      on: ["postgres"],
      setup: members,
      change(m) {
        m.createTable("posts", (t) => {
          t.column("org_id", "bigint", { null: false });
          t.references("author_id", "members", {
            column: "user_id",
            with: { org_id: "org_id" },
            onDelete: { setNull: ["author_id"] },
          });
        });
      },
    },
    {
      name: "A key over several columns",
      note: "`with` holds the other pairs: own column → column of the other table.",
      setup: members,
      change(m) {
        m.createTable("posts", (t) => {
          t.column("org_id", "bigint");
          t.references("author_id", "members", {
            column: "org_id",
            with: { org_id: "user_id" },
          });
        });
      },
    },
    {
      name: "Match full",
      on: ["postgres"],
      setup: members,
      change(m) {
        m.createTable("posts", (t) => {
          t.column("user_id", "bigint");
          t.references("org_id", "members", {
            column: "org_id",
            with: { user_id: "user_id" },
            match: "full",
          });
        });
      },
    },
    {
      name: "Checked at the end of the transaction",
      on: ["postgres", "sqlite"],
      setup: users,
      change(m) {
        m.createTable("posts", (t) => {
          t.references("author_id", "users", { deferrable: "initially deferred" });
          t.references("editor_id", "users", { deferrable: "initially immediate" });
        });
      },
    },
    {
      name: "Without looking at the rows that are there",
      note: "New rows are checked. `m.validateConstraint` checks the old ones, later and without a long lock.",
      on: ["postgres"],
      setup(m) {
        users(m);
        m.createTable("posts", (t) => t.id());
      },
      change(m) {
        m.alterTable("posts", (t) => t.references("author_id", "users", { validate: false }));
      },
    },
    {
      name: "Into another schema",
      on: ["postgres", "mysql", "mariadb"],
      setup(m) {
        m.createSchema("crm");
        m.createTable("users", (t) => t.id(), { prefix: "crm" });
      },
      change(m) {
        m.createTable("posts", (t) => t.references("author_id", "users", { prefix: "crm" }));
      },
    },
  ],
};
