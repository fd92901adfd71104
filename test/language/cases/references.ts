import type { Chapter } from "./operation-case.ts";
import { members, users } from "./setups.ts";

export const references: Chapter = {
  title: "References",
  file: "references.ts",
  cases: [
    {
      name: "A column that refers to another table",
      note: "The column gets the type that fits the repo's primary key. The foreign key is called `posts_author_id_fkey`.",
      setup: users,
      change(m) {
        m.createTable("posts", (t) => t.references("author_id", "users"));
      },
    },
    {
      name: "Set the repo's default for all references",
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
      name: "Choose what happens when the parent row goes or changes",
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
      name: "Fall back to the default when the parent goes",
      on: ["postgres", "sqlite"],
      setup: users,
      change(m) {
        m.createTable("posts", (t) => {
          t.references("author_id", "users", { default: 1, onDelete: "set default" });
        });
      },
    },
    {
      name: "Clear only some columns when the parent goes",
      note: "Needs PostgreSQL 15 or newer.",
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
      name: "Refer to a key over several columns",
      note: "`with` lists the other pairs: your column → the column of the other table.",
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
      name: "MATCH FULL",
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
      name: "Check a reference at the end of the transaction",
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
      name: "Skip the check of existing rows for a reference",
      note: "PostgreSQL checks new rows at once. Check the old ones later with `m.validateConstraint`, which holds no long lock.",
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
      name: "Refer to a table in another schema",
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
