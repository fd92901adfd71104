import { sql } from "../../../src/core/model/fragment.ts";
import type { Chapter } from "./operation-case.ts";
import { accounts, posts } from "./setups.ts";

export const safeForms: Chapter = {
  title: "Safe forms",
  file: "safe-forms.ts",
  cases: [
    {
      name: "Create an index while others write",
      setup: posts,
      change(m) {
        m.createIndexConcurrently("posts", ["title"]);
      },
    },
    {
      name: "Drop an index while others read and write",
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"]);
      },
      change(m) {
        m.dropIndexConcurrently("posts", ["title"]);
      },
    },
    {
      name: "Replace an index",
      note: "The new index is ready before the old one goes.",
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"]);
      },
      change(m) {
        m.replaceIndex("posts", ["title", "id"], {
          replaces: "posts_title_index",
          was: { columns: ["title"] },
        });
      },
    },
    {
      name: "Replace an index and keep its name",
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"]);
      },
      change(m) {
        m.replaceIndex("posts", ["title", "id"], {
          replaces: "posts_title_index",
          keepName: true,
          was: { columns: ["title"] },
        });
      },
    },
    {
      name: "Add a foreign key while others write",
      setup(m) {
        accounts(m);
        m.createTable("posts", (t) => {
          t.id();
          t.column("author_id", "bigint");
        });
      },
      change(m) {
        m.addForeignKey("posts", {
          columns: ["author_id"],
          table: "accounts",
          onDelete: "cascade",
        });
      },
    },
    {
      name: "Add a check while others write",
      setup: posts,
      change(m) {
        m.addCheck("posts", "title_short", "length(title) < 100");
      },
    },
    {
      name: "Add a unique constraint while others write",
      setup: posts,
      change(m) {
        m.addUniqueConstraint("posts", ["title"]);
      },
    },
    {
      name: "Set NOT NULL while others read and write",
      note: "PostgreSQL 18 needs fewer steps: Slipway adds `NOT NULL … NOT VALID` and then validates it.",
      setup: posts,
      change(m) {
        m.setNotNullSafely("posts", "body");
      },
    },
    {
      name: "Add a column and fill old rows in batches",
      setup: posts,
      change(m) {
        m.addColumnWithBackfill("posts", "state", "string", { default: "draft", null: false });
      },
    },
    {
      name: "Fill a new column from another one",
      setup: posts,
      change(m) {
        m.addColumnWithBackfill("posts", "title_length", "integer", {
          fill: sql`length(title)`,
        });
      },
    },
    {
      name: "Rename a column and keep both names",
      note: "Until `finishRenameColumn`, a view with both names takes the table's name. No row is copied.",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.renameColumnSafely("posts", "title", { to: "heading" });
      },
    },
    {
      name: "Drop the old name of a column",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.renameColumnSafely("posts", "title", { to: "heading" });
      },
      change(m) {
        m.finishRenameColumn("posts", "title", { to: "heading" });
      },
    },
    {
      name: "Rename a table and keep both names",
      note: "Until `finishRenameTable`, the old name is a view.",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.renameTableSafely("posts", { to: "articles" });
      },
    },
    {
      name: "Drop the old name of a table",
      on: ["postgres"],
      setup(m) {
        posts(m);
        m.renameTableSafely("posts", { to: "articles" });
      },
      change(m) {
        m.finishRenameTable("posts", { to: "articles" });
      },
    },
    {
      name: "Change a type while others read and write",
      note: "Slipway adds a second column, keeps it in step with a trigger, fills it, builds its indexes, and swaps it in. Until `finishChangeType`, the trigger keeps the old column in step.",
      on: ["postgres"],
      setup(m) {
        m.createTable("posts", (t) => {
          t.id();
          t.column("views", "integer", { null: false, default: 0 });
        });
        m.createIndex("posts", ["views"]);
      },
      change(m) {
        m.changeTypeSafely("posts", "views", "bigint", {
          null: false,
          default: 0,
          indexes: [{ columns: ["views"] }],
          was: { type: "integer", null: false, default: 0 },
        });
      },
    },
    {
      name: "Drop the old column after a type change",
      note: "With `was`, going down adds the old column again and fills it in batches from the new one.",
      on: ["postgres"],
      movesColumns: true,
      setup(m) {
        m.createTable("posts", (t) => {
          t.id();
          t.column("views", "integer", { null: false, default: 0 });
        });
        m.createIndex("posts", ["views"]);
        m.changeTypeSafely("posts", "views", "bigint", {
          null: false,
          default: 0,
          indexes: [{ columns: ["views"] }],
          was: { type: "integer", null: false, default: 0 },
        });
      },
      change(m) {
        m.finishChangeType("posts", "views", {
          was: { type: "integer", null: false, default: 0 },
          indexes: [{ columns: ["views"] }],
        });
      },
    },
    {
      name: "Hide a column before you drop it",
      note: "You lose nothing yet: going down brings the column back. Code that still uses it fails now, while you can go back.",
      setup: posts,
      change(m) {
        m.dropColumnSafely("posts", "title", { was: { type: "string", null: false } });
      },
    },
    {
      name: "Drop a hidden column",
      setup(m) {
        posts(m);
        m.dropColumnSafely("posts", "body", { was: "text" });
      },
      change(m) {
        m.finishDropColumn("posts", "body", { was: "text" });
      },
    },
  ],
};
