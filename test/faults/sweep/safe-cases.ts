/** Safe forms to be killed at every boundary: each is several transactions, and some are batches. */
import { defineMigration, sql } from "../../../src/index.ts";
import type { SweepCase } from "./cases.ts";

const posts = [
  "create table users (id bigint primary key)",
  "insert into users values (1), (2)",
  "create table posts (id bigint primary key, title varchar(100), author_id bigint)",
  "insert into posts values (1, 'one', 1), (2, 'two', 1), (3, 'three', 2)",
];

/** Three batches. */
const manyPosts = [
  ...posts.slice(0, 3),
  "insert into posts select n, 'post ' || n, 1 from generate_series(1, 2500) n",
];

export const safeCases: readonly SweepCase[] = [
  {
    name: "safe constraints",
    before: posts,
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.addForeignKey("posts", { columns: ["author_id"], table: "users" });
          m.addCheck("posts", "has_title", "title <> ''");
          m.addUniqueConstraint("posts", ["title"]);
          m.setNotNullSafely("posts", "title");
        },
      }),
    },
  },
  {
    name: "safe indexes",
    before: [...posts, "create index posts_title_index on posts (title)"],
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.createIndexConcurrently("posts", ["author_id"]);
          m.replaceIndex("posts", ["title", "id"], {
            replaces: "posts_title_index",
            keepName: true,
            was: { columns: ["title"] },
          });
        },
      }),
    },
  },
  {
    name: "safe column in batches",
    before: manyPosts,
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.addColumnWithBackfill("posts", "slug", "string", {
            fill: sql`lower(title)`,
            null: false,
          });
        },
      }),
    },
  },
  {
    name: "safe change of type",
    before: [...manyPosts, "create index posts_author_id_index on posts (author_id)"],
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.changeTypeSafely("posts", "author_id", "integer", {
            was: "bigint",
            indexes: [{ columns: ["author_id"] }],
          });
        },
      }),
    },
  },
  {
    name: "safe renames",
    before: posts,
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.renameColumnSafely("posts", "title", { to: "heading" });
          m.finishRenameColumn("posts", "title", { to: "heading" });
          m.renameTableSafely("posts", { to: "articles" });
          m.dropColumnSafely("articles", "author_id", { was: "bigint" });
        },
      }),
    },
  },
];

/** On the databases where most forms are plain: what is batches is batches there too. */
export const plainSafeCases: readonly SweepCase[] = [
  {
    name: "safe column",
    before: [
      "create table posts (id bigint primary key, title varchar(100))",
      "insert into posts values (1, 'one'), (2, 'two'), (3, 'three')",
    ],
    migrations: {
      "1_safe": defineMigration({
        change(m) {
          m.addColumnWithBackfill("posts", "slug", "string", {
            fill: sql`lower(title)`,
            null: false,
          });
          m.createIndexConcurrently("posts", ["slug"]);
        },
      }),
    },
  },
];
