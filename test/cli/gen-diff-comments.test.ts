/** `gen migration --diff`: comments that change, come and go, there and back. */
import pg from "pg";
import { afterEach, expect, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project, postgresRelease } from "./project.ts";

let project: Project;
let database: FreshDatabase;
afterEach(async () => {
  project.remove();
  await database.drop();
});

const tables = `create table posts (id bigint primary key, views int, state text, note text);
create table authors (id bigint primary key);
create table tags (id bigint primary key);
`;
const first = `${tables}
comment on table posts is 'what is read';
comment on table tags is 'goes';
comment on column posts.views is 'how often';
comment on column posts.state is 'goes';`;
const wished = `${tables}
comment on table posts is 'what is "read"';
comment on table authors is 'comes';
comment on column posts.views is 'how often, it''s \`counted\` \\ so';
comment on column posts.note is 'comes';`;

it("a comment changes, comes and goes, and the way back has the old one", async () => {
  database = await freshDatabase();
  project = makeProject({
    "release.ts": postgresRelease,
    "db/main/migrations/V20200101000000__first.sql": first,
    "schema.sql": wished,
  });
  const run = (...words: readonly string[]) =>
    project.run(words, { env: { DATABASE_URL: database.url } });
  const comments = async () => {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    try {
      const { rows } = await client.query(
        "select objoid::regclass || '.' || objsubid as it, description from pg_description where objoid in ('posts'::regclass, 'authors'::regclass, 'tags'::regclass) order by 1",
      );
      return rows.map(({ it, description }) => `${it} ${description}`);
    } finally {
      await client.end();
    }
  };
  await expect(run("migrate", "-q")).resolves.toMatchObject({ code: 0 });
  const was = await comments();
  const made = await run("gen", "migration", "words", "--diff", "--to", "schema.sql");
  expect([made.code, made.stderr]).toEqual([0, ""]);
  await expect(run("migrate", "-q")).resolves.toMatchObject({ code: 0 });
  expect(await comments()).toEqual([
    "authors.0 comes",
    'posts.0 what is "read"',
    "posts.2 how often, it's `counted` \\ so",
    "posts.4 comes",
  ]);
  await expect(run("rollback", "main", "--step", "1", "-q")).resolves.toMatchObject({ code: 0 });
  expect(await comments()).toEqual(was);
});
