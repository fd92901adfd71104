/** `gen migration --diff`: an enum that loses a value which rows still have. */
import { afterEach, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project, postgresRelease } from "./project.ts";

let project: Project;
let database: FreshDatabase;
afterEach(async () => {
  project.remove();
  await database.drop();
});

const tables = `create table posts (id bigint primary key, state mood, moods mood[], title text);`;
const first = `create type mood as enum ('sad', 'it''s', 'glad');
${tables}`;
// The index makes it a migration whose statements commit one by one.
const wished = `create type mood as enum ('glad');
${tables}
create index posts_title on posts (title);`;

it("is warned of, stops before anything has changed, and goes on when the rows are changed", async () => {
  database = await freshDatabase();
  project = makeProject({
    "release.ts": postgresRelease,
    "db/main/migrations/V20200101000000__first.sql": first,
    "schema.sql": wished,
  });
  const run = (...words: readonly string[]) =>
    project.run(words, { env: { DATABASE_URL: database.url } });
  const query = (sql: string) => ask(database.url, sql);
  await expect(run("migrate", "-q")).resolves.toMatchObject({ code: 0 });
  const made = await run("gen", "migration", "moods", "--diff", "--to", "schema.sql");
  expect(made, made.stderr).toMatchObject({ code: 0 });
  expect(made.stderr).toContain("posts.state becomes public.mood without 'sad', 'it''s'");
  const counts = [...made.stderr.matchAll(/count those first: (SELECT .*)/g)].map(([, sql]) => sql);
  expect(counts).toHaveLength(2);

  await query(
    `insert into posts values (1, 'glad', '{glad}'), (2, 'it''s', '{}'), (3, 'glad', '{sad,glad}')`,
  );
  for (const sql of counts) expect(await query(sql ?? "")).toEqual([{ count: "1" }]);
  const types = () =>
    query(
      "select typname, enumlabel from pg_enum join pg_type on pg_type.oid = enumtypid order by 1, 2",
    );
  const was = await types();
  for (const [column, mended] of [
    ["state", "update posts set state = 'glad' where state <> 'glad'"],
    ["moods", "update posts set moods = '{glad}' where id = 3"],
  ] as const) {
    const refused = await run("migrate", "-q");
    expect(refused.code).not.toBe(0);
    expect(refused.stderr).toContain(`rows of posts.${column} still have a value that public.mood`);
    expect(await types()).toEqual(was);
    await query(mended);
  }
  await expect(run("migrate", "-q")).resolves.toMatchObject({ code: 0 });
  expect(await types()).toEqual([{ typname: "mood", enumlabel: "glad" }]);
  await expect(run("rollback", "main", "--step", "2", "-q")).resolves.toMatchObject({ code: 0 });
  expect(await types()).toEqual(was);
});
