/** What the name of a new migration says is written into it, and runs up, down and up again. */
import { expect, it } from "vitest";
import { fieldOf } from "../../src/cli/templates/fields.ts";
import { migrationTemplate } from "../../src/cli/templates/migration.ts";
import { defineBackfill, defineMigration, defineRelease, sql } from "../../src/index.ts";
import { testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const cases: readonly (readonly [name: string, fields: readonly string[], lines: string])[] = [
  [
    "create_comments",
    [
      "body:text!",
      "slug:string:unique",
      "post:references",
      "users:references",
      "writer_id:references:users:index",
    ],
    `m.createTable("comments", (t) => {
  t.id();
  t.column("body", "text", { null: false });
  t.column("slug", "string");
  t.references("post_id", "posts");
  t.references("users_id", "users");
  t.references("writer_id", "users");
  t.timestamps();
});
m.createIndex("comments", ["slug"], { unique: true });
m.createIndex("comments", ["writer_id"]);`,
  ],
  ["create_tags", [], `m.createTable("tags", (t) => {\n  t.id();\n  t.timestamps();\n});`],
  [
    "add_published_at_to_posts",
    [],
    `m.alterTable("posts", (t) => {\n  t.add("published_at", "utc_datetime");\n});`,
  ],
  [
    "add_is_open_and_like_count_to_posts",
    [],
    `m.alterTable("posts", (t) => {
  t.add("is_open", "boolean");
  t.add("like_count", "integer");
});`,
  ],
  [
    "add_author_to_posts",
    ["author:references:users:index"],
    `m.alterTable("posts", (t) => {
  t.add("author_id", "bigint");
});
m.addForeignKey("posts", { columns: ["author_id"], table: "users" });
m.createIndexConcurrently("posts", ["author_id"]);`,
  ],
  [
    "add_rank_to_posts",
    ["rank:int!"],
    `m.alterTable("posts", (t) => {
  t.add("rank", "int");
});
// Rows that are there already have no rank: fill them first, or use m.addColumnWithBackfill.
m.setNotNullSafely("posts", "rank");`,
  ],
  [
    "remove_title_from_posts",
    ["title:text"],
    `m.dropColumnSafely("posts", "title", { was: "text" });`,
  ],
  [
    "add_index_to_posts_on_title_and_id",
    [],
    `m.createIndexConcurrently("posts", ["title", "id"]);`,
  ],
  [
    "add_unique_index_on_posts_for_title",
    [],
    `m.createIndexConcurrently("posts", ["title"], { unique: true });`,
  ],
  [
    "rename_title_to_heading_in_posts",
    [],
    `// PostgreSQL keeps both names alive; elsewhere it is m.renameColumn.
m.renameColumnSafely("posts", "title", { to: "heading" });`,
  ],
  [
    "rename_posts_to_articles",
    [],
    `// PostgreSQL keeps both names alive; elsewhere it is m.renameTable.
m.renameTableSafely("posts", { to: "articles" });`,
  ],
  ["tidy", [], `// m.alterTable("posts", (t) => t.add("published_at", "utc_datetime"));`],
];

it.each(cases)("%s %j", async (name, fields, lines) => {
  const text = migrationTemplate({ name, fields: fields.map(fieldOf), sql: false, data: false });
  expect(bodyOf(text)).toBe(lines);
  const change = new Function("m", bodyOf(text)) as (m: unknown) => void;
  const { adapter, query, dispose } = await testDatabase("pglite");
  try {
    await query("create table users (id bigserial primary key)");
    await query("create table posts (id bigserial primary key, title text)");
    const migrations = { [`1_${name}`]: defineMigration({ change }) };
    const release = defineRelease({ app: "app", repos: { main: { adapter, migrations } } }).using(
      recorder().world,
    );
    for (const _ of ["once", "again"]) {
      expect((await release.migrate()).length).toBe(1);
      await release.rollback("main", 1);
    }
  } finally {
    await dispose();
  }
});

it.each([
  ["backfill_posts_slug", "posts", "slug"],
  ["backfill_like_count_of_blog_posts", "blog_posts", "like_count"],
])("%s is a backfill", (name, table, column) => {
  const text = migrationTemplate({ name, fields: [], sql: false, data: true });
  const body = text.replace(/^import.*\n/, "").replace("export default", "return");
  const made = new Function("defineBackfill", "sql", body)(defineBackfill, sql);
  expect(made).toMatchObject({ table, key: "id", set: { [column]: expect.anything() } });
});

it.each([
  ["title", "Write a column as NAME:TYPE, as in title:string."],
  ["title:", "Write a column as NAME:TYPE, as in title:string."],
  ["title:strng", "Did you mean string?"],
  ["title:string:uniqe", "Behind the type may stand index or unique."],
])("refuses %s", (word, hint) => {
  expect(() => fieldOf(word)).toThrow(
    expect.objectContaining({ code: "usage_invalid", hint }) as Error,
  );
});

it.each(["jsonb", "int", "timestamptz", "numeric(10,2)", "text[]", "vector(3)"])(
  "passes %s on",
  (type) => {
    expect(fieldOf(`a:${type}`).type).toBe(type);
  },
);

/** The lines of `change`, without their indentation. */
function bodyOf(text: string): string {
  const [, body = ""] = /change\(m\) \{\n([\s\S]*)\n {2}\},\n/.exec(text) ?? [];
  return body.replace(/^ {4}/gm, "");
}
