import { describe, expect, it } from "vitest";
import { MigrationBuilder } from "../../../src/core/language/builder.ts";
import { touches } from "../../../src/core/language/touches.ts";
import { allTouches, commonTouch } from "../../../src/core/model/touch.ts";
import { sql } from "../../../src/index.ts";

type Body = (m: MigrationBuilder) => void;

const of = (body: Body) => {
  const identifierLimit = { length: 63, unit: "bytes" } as const;
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  body(m);
  return allTouches(m.build().map((op) => touches(op, "postgres")));
};

const dropTitle: Body = (m) => m.alterTable("posts", (t) => t.remove("title"));
const addSummary: Body = (m) => m.alterTable("posts", (t) => t.add("summary", "text"));
const anything = "anything, as far as slipway can see";

/** What both touch; `undefined` when they may change places. */
const cases: readonly (readonly [claim: string, a: Body, b: Body, both: string | undefined])[] = [
  ["two columns of a table", dropTitle, addSummary, undefined],
  [
    "one column",
    dropTitle,
    (m) => m.alterTable("posts", (t) => t.add("title", "text")),
    "posts.title",
  ],
  ["a column and its table", dropTitle, (m) => m.renameTable("posts", { to: "texts" }), "posts"],
  ["two tables", (m) => m.dropTable("a"), (m) => m.createTable("b", (t) => t.id()), undefined],
  [
    "a table that is referred to",
    (m) => m.dropTable("users"),
    (m) => m.createTable("posts", (t) => t.references("author_id", "users")),
    "users",
  ],
  ["an index on the column", dropTitle, (m) => m.createIndex("posts", ["title"]), "posts.title"],
  ["an index on another column", dropTitle, (m) => m.createIndex("posts", ["slug"]), undefined],
  [
    "an index on an expression of it",
    dropTitle,
    (m) => m.createIndex("posts", [sql`lower(title)`]),
    "posts.title",
  ],
  [
    "an index of which only the name is known",
    dropTitle,
    (m) => m.dropIndex("posts", { name: "x" }),
    "posts",
  ],
  [
    "a check of it",
    dropTitle,
    (m) => m.createConstraint("posts", "c", { check: "title <> ''" }),
    "posts.title",
  ],
  [
    "a view of its table",
    dropTitle,
    (m) => m.createView("v", { as: "select title from posts" }),
    "posts",
  ],
  [
    "a type in use",
    (m) => m.dropEnum("mood"),
    (m) => m.alterTable("posts", (t) => t.add("mood", "mood[]")),
    "mood",
  ],
  [
    "a sequence in a default",
    (m) => m.dropSequence("n"),
    (m) => m.alterTable("a", (t) => t.add("b", "bigint", { default: sql`nextval('n')` })),
    "n",
  ],
  [
    "schemas of two names",
    (m) => m.dropTable("a", { prefix: "x" }),
    (m) => m.createTable("a", (t) => t.id(), { prefix: "y" }),
    undefined,
  ],
  [
    "a schema that may be the same",
    (m) => m.dropTable("a", { prefix: "x" }),
    (m) => m.createTable("A", (t) => t.id()),
    "a",
  ],
  [
    "the schema of a table",
    (m) => m.dropTable("a", { prefix: "x" }),
    (m) => m.dropSchema("x"),
    "schema x",
  ],
  ["what cascades", addSummary, (m) => m.dropTable("x", { cascade: true }), anything],
  ["code", addSummary, (m) => m.run(async () => undefined), anything],
  [
    "SQL that is known",
    dropTitle,
    (m) => m.execute("create index concurrently i on comments (post_id)"),
    undefined,
  ],
  [
    "SQL that names the table",
    dropTitle,
    (m) => m.execute('alter table only "Posts" add x int'),
    "posts",
  ],
  [
    "SQL that refers to it",
    (m) => m.dropTable("users"),
    (m) => m.execute("create table a (b int references users (id))"),
    "users",
  ],
  ["SQL that renames", addSummary, (m) => m.execute("alter table a rename to b"), anything],
  ["SQL that changes rows", addSummary, (m) => m.execute("update a set b = 1"), anything],
  [
    "SQL with a schema",
    (m) => m.dropTable("a", { prefix: "x" }),
    (m) => m.execute("drop table x.a"),
    "a",
  ],
  [
    "SQL that drops several",
    (m) => m.dropTable("b"),
    (m) => m.execute("drop table a, b"),
    anything,
  ],
  [
    "several statements, one unknown",
    addSummary,
    (m) => m.execute("drop table a; select f()"),
    anything,
  ],
];

describe("what two migrations both touch", () => {
  it.each(cases)("%s", (_, a, b, both) => {
    const found = [commonTouch(of(a), of(b)), commonTouch(of(b), of(a))];
    expect(found.map((words) => words?.toLowerCase())).toEqual([both, both]);
  });
});
