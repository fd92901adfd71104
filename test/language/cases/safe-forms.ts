import { sql } from "../../../src/core/model/fragment.ts";
import type { Chapter } from "./operation-case.ts";
import { accounts, posts } from "./setups.ts";

export const safeForms: Chapter = {
  title: "Safe forms",
  file: "safe-forms.ts",
  cases: [
    {
      name: "An index beside writers",
      setup: posts,
      change(m) {
        m.createIndexConcurrently("posts", ["title"]);
      },
    },
    {
      name: "Drop an index beside writers",
      setup(m) {
        posts(m);
        m.createIndex("posts", ["title"]);
      },
      change(m) {
        m.dropIndexConcurrently("posts", ["title"]);
      },
    },
    {
      name: "An index in the place of another",
      note: "The new one is there before the old one goes.",
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
      name: "An index in the place of another, under its name",
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
      name: "A foreign key, checked beside writers",
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
      name: "A check, checked beside writers",
      setup: posts,
      change(m) {
        m.addCheck("posts", "title_short", "length(title) < 100");
      },
    },
    {
      name: "A unique constraint over an index that is built beside writers",
      setup: posts,
      change(m) {
        m.addUniqueConstraint("posts", ["title"]);
      },
    },
    {
      name: "Not null without a scan that stops others",
      note: "PostgreSQL 18 takes a shorter way: `ADD CONSTRAINT … NOT NULL … NOT VALID`, and then validates it.",
      setup: posts,
      change(m) {
        m.setNotNullSafely("posts", "body");
      },
    },
    {
      name: "A column whose old rows are filled batch by batch",
      setup: posts,
      change(m) {
        m.addColumnWithBackfill("posts", "state", "string", { default: "draft", null: false });
      },
    },
    {
      name: "A column that is filled from another",
      setup: posts,
      change(m) {
        m.addColumnWithBackfill("posts", "title_length", "integer", {
          fill: sql`length(title)`,
        });
      },
    },
    {
      name: "Rename a column, and keep both names",
      note: "A view stands in the place of the table until `finishRenameColumn`. Nothing is copied.",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.renameColumnSafely("posts", "title", { to: "heading" });
      },
    },
    {
      name: "Let the old name of a column go",
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
      name: "Rename a table, and keep both names",
      note: "The old name is a view until `finishRenameTable`.",
      on: ["postgres"],
      setup: posts,
      change(m) {
        m.renameTableSafely("posts", { to: "articles" });
      },
    },
    {
      name: "Let the old name of a table go",
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
      name: "Change the type of a column beside readers and writers",
      note: "The second column is kept in step by a trigger, filled, given the same indexes, and swapped in. Until `finishChangeType` the old one follows.",
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
      name: "Drop the old column of a change of type",
      note: "With `was`, going down brings it back, filled batch by batch from the new one.",
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
      name: "Take a column out of sight",
      note: "Nothing is lost, and going down brings it back. Code that still needs it fails now and not when it is too late.",
      setup: posts,
      change(m) {
        m.dropColumnSafely("posts", "title", { was: { type: "string", null: false } });
      },
    },
    {
      name: "Drop a column that is out of sight",
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
