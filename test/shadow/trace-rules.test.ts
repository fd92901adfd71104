/** The rules beside what the server does: what `BUT` says, and what it must not say. */
import { expect, it } from "vitest";
import { pglite } from "../../src/adapters/pglite/index.ts";
import { defineMigration, defineRelease } from "../../src/index.ts";
import { traceRelease } from "../../src/shadow/trace/trace-release.ts";

const schema =
  "create table tags (id int primary key, name varchar(10) unique, at timestamp); insert into tags values (1, 'a', now());";

/** Of the last migration: what each statement takes, and how it differs from what the rules say. */
async function traced(...migrations: readonly (readonly string[])[]) {
  const release = defineRelease({
    app: "app",
    repos: {
      main: {
        adapter: pglite({ dataDir: "/nowhere" }),
        migrations: Object.fromEntries(
          migrations.map((statements, i) => [
            `${i + 1}_m`,
            defineMigration({
              up: (m) => {
                for (const sql of statements) m.execute(sql);
              },
              down: () => undefined,
            }),
          ]),
        ),
      },
    },
  });
  const { statements, failed } = await traceRelease(release, {
    ...{ repo: "main", wanted: new Set([String(migrations.length)]), oneByOne: true },
    shadowSql: `${schema} ALTER DATABASE postgres SET timezone = 'Europe/Vienna'`,
    now: () => performance.now(),
  });
  expect(failed).toBeUndefined();
  return statements.map(({ takes, disagrees }) => [takes, disagrees]);
}

it("sees an index that is kept, a table that is emptied and a setting as they are", {
  timeout: 60_000,
}, async () => {
  const seen = await traced([
    "alter table tags alter name type varchar(20)",
    "truncate tags",
    "set local timezone = 'UTC'",
    "alter table tags alter at type timestamptz",
  ]);
  expect(seen).toEqual([
    ["a moment", undefined],
    ["a moment", undefined],
    ["a moment", undefined],
  ]);
});

it("says which lock was taken, and which was foretold", { timeout: 60_000 }, async () => {
  const seen = await traced([
    "do $$ begin execute 'create ' || 'table logs (id int)'; end $$",
    "drop trigger if exists nothing on tags",
    "do $$ begin execute 'alter ' || 'table tags add column note text'; end $$",
  ]);
  expect(seen).toEqual([
    ["a moment", undefined],
    ["a moment", "ACCESS EXCLUSIVE on public.tags was foretold, and it took none"],
    ["a moment", "it took ACCESS EXCLUSIVE on public.tags, and no lock was foretold"],
  ]);
});

it("knows what the shadow began with, and what earlier migrations made", {
  timeout: 60_000,
}, async () => {
  const seen = await traced(
    ["create table posts (id int, tag int)"],
    [
      "drop trigger if exists nothing on posts",
      "alter table posts rename to articles",
      "alter table articles add foreign key (tag) references tags",
    ],
  );
  expect(seen).toEqual([
    ["a moment", undefined],
    ["a moment", undefined],
    ["reads every row", undefined],
  ]);
});
