/** Which operators a backfill compares keys with: those that order them, whatever the search_path finds first. */
import pg from "pg";
import { afterAll, beforeAll, expect, it } from "vitest";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { defineBackfill, sql } from "../../src/index.ts";
import { releaseOn } from "../conformance/support/release.ts";
import { freshDatabase } from "../support/postgres.ts";

type Definition = Parameters<typeof defineBackfill>[0];

/** Comparisons that find nothing, in a schema that comes before PostgreSQL's own. */
const trap = `create schema trap;
${["bigint", "text", "integer"]
  .flatMap((type) =>
    ["=", ">", "<=", ">=", "<", "%"].map((sign, i) => {
      const result = sign === "%" ? type : "boolean";
      const name = `trap.${type}_${i}`;
      return `create function ${name}(${type}, ${type}) returns ${result} language sql immutable as 'select null::${result}';
create operator trap.${sign} (leftarg = ${type}, rightarg = ${type}, function = ${name});`;
    }),
  )
  .join("\n")}
create function trap.unnest(text[]) returns setof text language sql as 'select ''0'' where null';
create function trap.count() returns bigint language sql as 'select 0::bigint';`;

/** Text whose case does not count, as citext: its operators are in a schema that is not on the path. */
const caseless = `create schema away;
create type away.ci;
create function away.ci_in(cstring) returns away.ci language internal immutable strict as 'textin';
create function away.ci_out(away.ci) returns cstring language internal immutable strict as 'textout';
create type away.ci (input = away.ci_in, output = away.ci_out, internallength = variable, storage = extended, collatable = true);
create cast (away.ci as text) without function as implicit;
${["<", "<=", "=", ">=", ">"]
  .map(
    (
      sign,
      i,
    ) => `create function away.ci_${i}(away.ci, away.ci) returns boolean language sql immutable strict as 'select pg_catalog.lower($1::text) operator(pg_catalog.${sign}) pg_catalog.lower($2::text)';
create operator away.${sign} (leftarg = away.ci, rightarg = away.ci, function = away.ci_${i});`,
  )
  .join("\n")}
create function away.ci_cmp(away.ci, away.ci) returns int language sql immutable strict as 'select pg_catalog.bttextcmp(pg_catalog.lower($1::text), pg_catalog.lower($2::text))';
create operator class away.ci_ops default for type away.ci using btree as operator 1 away.<, operator 2 away.<=, operator 3 away.=, operator 4 away.>=, operator 5 away.>, function 1 away.ci_cmp(away.ci, away.ci);`;

const tables = `create table posts (id bigint primary key, tenant text not null, slug text not null, n int not null default 0, unique (tenant, slug));
insert into posts select g, 't' || g % 3, 's' || g from generate_series(1, 50) g;
create table words (word away.ci primary key, part bigint not null, n int not null default 0, unique (part, word));
insert into words select (case when g % 2 = 0 then 'w' else 'W' end || chr(64 + g))::away.ci, g % 2, 0 from generate_series(1, 26) g;`;

const pace = { batchSize: 7, maxBatchSize: 7 };
const set = { set: { n: 1 }, ...pace };
const cases: readonly [string, Definition][] = [
  ["set along a number", { table: "posts", key: "id", ...set }],
  ["set along two columns", { table: "posts", key: ["tenant", "slug"], ...set }],
  ["set over a snapshot", { table: "posts", key: "id", snapshot: true, ...set }],
  ["each", { table: "posts", key: "id", each: () => ({ n: 1 }), ...pace }],
  ["each that gives SQL", { table: "posts", key: "id", each: () => ({ n: sql`1` }), ...pace }],
  ["effect", { table: "posts", key: "id", effect: async () => ({ n: 1 }), ...pace }],
  ["a type with operators elsewhere", { table: "words", key: "word", ...set }],
  ["such a type as one of two", { table: "words", key: ["part", "word"], ...set }],
];

let database: Awaited<ReturnType<typeof freshDatabase>>;
let admin: pg.Client;

beforeAll(async () => {
  database = await freshDatabase();
  admin = new pg.Client(database.url);
  await admin.connect();
  await admin.query(`${caseless}\n${trap}`);
});

afterAll(async () => {
  await admin?.end();
  await database?.drop();
});

it.each(cases)("changes every row: %s", async (_, definition) => {
  await admin.query(`drop schema public cascade; create schema public; ${tables}`);
  const url = `${database.url}?options=-csearch_path%3Dpublic,trap,pg_catalog`;
  const { release } = releaseOn(
    { adapter: postgres({ url }) },
    {},
    { dataMigrations: { "1_all": defineBackfill(definition) } },
  );
  await release.migrateData();
  const left = await admin.query(
    `select count(*)::int as left_over from ${definition.table} where n <> 1`,
  );
  expect(left.rows).toEqual([{ left_over: 0 }]);
});
