/** What differs between two databases, object by object and in words. */
import type { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgresCatalog } from "../../src/adapters/postgres/catalog/postgres-catalog.ts";
import type { SchemaCatalog } from "../../src/core/catalog/catalog.ts";
import { catalogChanges, changeLines } from "../../src/core/catalog/changes.ts";
import { openPglite } from "../support/pglite.ts";

let client: PGlite;
beforeAll(async () => {
  client = await openPglite();
});
afterAll(() => client.close());

async function catalogOf(sql: string): Promise<SchemaCatalog> {
  await client.exec("drop schema public cascade; create schema public;");
  await client.exec(sql);
  return postgresCatalog.read(async (query) => (await client.query(query)).rows as never);
}

const posts = `create table posts (id int primary key, title text not null default 'none', author int);
  create index posts_author on posts (author);
  create view titles as select title from posts;
  create function one() returns int language sql as 'select 1';
  create type mood as enum ('sad', 'glad');`;

const cases: readonly (readonly [name: string, sql: string, lines: readonly string[]])[] = [
  ["nothing", "", []],
  [
    "a table with its parts",
    "create table tags (id serial primary key, post int references posts); create index on tags (post)",
    ["+ table public.tags"],
  ],
  ["a column", "alter table posts add slug text", ["+ column slug of table public.posts"]],
  [
    "a column that went with its index",
    "alter table posts drop author",
    ["- index public.posts_author", "- column author of table public.posts"],
  ],
  [
    "what a column is",
    "alter table posts alter title drop not null, alter title drop default, alter author type bigint",
    [
      '~ column author of table public.posts: type "bigint", was "integer"',
      "~ column title of table public.posts: default none, was \"'none'::text\"",
      "~ column title of table public.posts: not null no, was yes",
    ],
  ],
  [
    "a constraint",
    "alter table posts add constraint long check (length(title) > 3)",
    ["+ constraint long on public.posts"],
  ],
  [
    "an index of another form",
    "drop index posts_author; create unique index posts_author on posts (author)",
    [
      '~ index public.posts_author: definition "CREATE UNIQUE INDEX posts_author ON public.posts USING btree (author)", was "CREATE INDEX posts_author ON public.posts USING btree (author)"',
    ],
  ],
  [
    "a value of an enum",
    "alter type mood add value 'mad'",
    ['~ type public.mood: values ["sad","glad","mad"], was ["sad","glad"]'],
  ],
  [
    "the lines of a function",
    "create or replace function one() returns int language sql as 'select 2'",
    [
      "~ function public.one(): definition\n    - AS $function$select 1$function$\n    + AS $function$select 2$function$",
    ],
  ],
  [
    "a comment",
    "comment on table posts is 'All'",
    ['~ table public.posts: comment "All", was none'],
  ],
  [
    "row security and a policy",
    "alter table posts enable row level security; create policy mine on posts using (true)",
    ["+ policy mine on public.posts", '~ table public.posts: row security "enabled", was none'],
  ],
  ["a view that is gone", "drop view titles", ["- view public.titles"]],
];

it.each(cases)("tells %s", async (_, sql, lines) => {
  const [from, to] = [await catalogOf(posts), await catalogOf(`${posts}${sql}`)];
  const changes = catalogChanges(from, to);
  expect(changeLines(changes)).toEqual(lines);
  expect(changeLines(catalogChanges(to, from))).toHaveLength(lines.length);
});

it("tells what differs of a written object line by line", () => {
  const table = (definition: string): SchemaCatalog => ({
    leftOut: [],
    objects: [
      { kind: "written", of: "table", id: "table a", table: { name: "a" }, definition, needs: [] },
    ],
  });
  const changes = catalogChanges(
    table("CREATE TABLE `a` (\n  `id` int(11),\n  `b` text\n)"),
    table("CREATE TABLE `a` (\n  `id` bigint(20),\n  `b` text\n)"),
  );
  expect(changes).toMatchObject([{ kind: "written", object: "table a", change: "changed" }]);
  expect(changeLines(changes)).toEqual([
    "~ table a: definition\n    - `id` int(11),\n    + `id` bigint(20),",
  ]);
});

const spellings: readonly [name: string, was: string, is: string, isSame: boolean][] = [
  [
    "another order, quotes, comments and what a column has anyway",
    "CREATE TABLE a (id integer PRIMARY KEY, b text NOT NULL DEFAULT 'x', CHECK (b > id))",
    'CREATE TABLE "a" (\n "b" text DEFAULT \'x\' NOT NULL, -- the b\n id integer NULL PRIMARY KEY,\n CHECK (b > id))',
    true,
  ],
  [
    "another check",
    "CREATE TABLE a (b int, CHECK (b > 1))",
    "CREATE TABLE a (b int, CHECK (1 > b))",
    false,
  ],
  [
    "another default",
    "CREATE TABLE a (b text DEFAULT 'x')",
    "CREATE TABLE a (b text DEFAULT 'X')",
    false,
  ],
  [
    "another action",
    "CREATE TABLE a (b int REFERENCES c ON DELETE SET NULL)",
    "CREATE TABLE a (b int REFERENCES c ON DELETE SET DEFAULT)",
    false,
  ],
  ["no key any more", "CREATE TABLE a (b int PRIMARY KEY)", "CREATE TABLE a (b int)", false],
  [
    "other partitions of MySQL",
    "CREATE TABLE `a` (`b` int) ENGINE=InnoDB\n/*!50100 PARTITION BY HASH (`b`) PARTITIONS 2 */",
    "CREATE TABLE `a` (`b` int) ENGINE=InnoDB\n/*!50100 PARTITION BY HASH (`b`) PARTITIONS 4 */",
    false,
  ],
];

it.each(spellings)("of two texts counts what they mean: %s", (_, was, is, isSame) => {
  const catalog = (definition: string): SchemaCatalog => ({
    leftOut: [],
    objects: [
      { kind: "written", of: "table", id: "table a", table: { name: "a" }, definition, needs: [] },
    ],
  });
  expect(catalogChanges(catalog(was), catalog(is))).toHaveLength(isSame ? 0 : 1);
});
