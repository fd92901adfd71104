import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { defineRelease } from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

/** What `drizzle-kit generate` 0.31 wrote for changes of a schema of ours. */
const fixtures = join(import.meta.dirname, "../fixtures/drizzle-rebuilds");
const fixture = (name: string) => readFileSync(join(fixtures, `${name}.sql`), "utf8");

/** What the application added by hand: nothing of it is known to the tool. */
const more = `
create view titles as select p.title, u.name from posts p join users u on u.id = p.author_id;
create view ages as select age from users;
create table log (line text);
create trigger users_log after update on users begin insert into log values ('user ' || new.id); end;
create trigger posts_log after insert on posts begin insert into log select 'by ' || name from users where id = new.author_id; end;
create trigger titles_insert instead of insert on titles begin insert into log values (new.title); end;
insert into users (id, name, nick, age) values (1, 'ann', 'a', 30), (2, 'bob', 'b', 40);
insert into posts values (1, 'one', 1, null), (2, 'two', 2, null);
insert into comments values (1, 1, 'x'), (2, 2, 'y');
delete from log;
`;

let database: TestDatabase;
let folder: string;
beforeEach(async () => {
  database = await testDatabase("sqlite");
  folder = mkdtempSync(join(tmpdir(), "slipway-rebuild-"));
});
afterEach(async () => {
  await database.dispose();
  rmSync(folder, { recursive: true });
});

function migrate(files: { readonly [name: string]: string }) {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return defineRelease({
    app: "blog",
    repos: { main: { adapter: database.adapter, migrations: folder } },
  })
    .using(recorder().world)
    .migrate();
}

const rows = (sql: string) => database.query(sql);

/** Everything that a rebuild must not touch. */
async function facts() {
  return {
    users: await rows("select id, name from users order by id"),
    posts: await rows("select id, title, author_id from posts order by id"),
    comments: await rows("select * from comments order by id"),
    titles: await rows("select * from titles order by title"),
    ages: await rows("select cast(age as integer) as age from ages order by age"),
    log: await rows("select * from log"),
    others: await rows(
      "select type, name, sql from sqlite_schema where type in ('view', 'trigger', 'index') and sql is not null order by name",
    ),
    temporary: await rows("select name from sqlite_schema where name like '%new_%'"),
    broken: await rows("pragma foreign_key_check"),
    history: await rows("select version from schema_migrations order by version"),
  };
}

const changes = readdirSync(fixtures)
  .map((file) => file.replace(".sql", ""))
  .filter((name) => !["base", "add-column-and-not-null"].includes(name));

/** The same in the form that Prisma documents. https://www.prisma.io/docs/orm/overview/databases/sqlite */
const asPrisma = (text: string) =>
  `PRAGMA defer_foreign_keys=ON;\n${text
    .replaceAll("--> statement-breakpoint", "\n")
    .replaceAll("__new_", "new_")
    .replaceAll("`", '"')}PRAGMA foreign_key_check;\nPRAGMA defer_foreign_keys=OFF;\n`;

const forms = { drizzle: (text: string) => text, prisma: asPrisma };

test.each(
  changes.flatMap((name) => (["drizzle", "prisma"] as const).map((form) => [name, form] as const)),
)("%s keeps rows, views and triggers, as %s writes it", async (name, form) => {
  const base = forms[form](fixture("base"));
  await migrate({ "1_base.sql": base, "2_more.sql": more });
  const before = await facts();
  await migrate({ "3_change.sql": forms[form](fixture(name)) });
  const after = await facts();
  expect({ ...after, history: [] }).toEqual({ ...before, history: [] });
  expect(after.history).toHaveLength(3);

  await rows("update users set name = 'eve' where id = 1");
  await rows("insert into posts values (3, 'three', 1, null)");
  await rows("insert into titles (title) values ('four')");
  expect(await rows("select line from log")).toEqual(
    ["user 1", "by eve", "four"].map((line) => ({ line })),
  );
});

const setNotNull = fixture("set-not-null");

test("a file that fails leaves everything as it was, and runs once it is mended", async () => {
  await migrate({ "1_base.sql": fixture("base"), "2_more.sql": more });
  const before = await facts();
  const failing = `${setNotNull}\nselect * from nowhere;\n`;
  await expect(migrate({ "3_change.sql": failing })).rejects.toMatchObject({
    code: "migration_failed",
    details: { transactional: true },
  });
  expect(await facts()).toEqual(before);
  await migrate({ "3_change.sql": setNotNull });
  expect((await facts()).users).toEqual(before.users);
});

test("a column that is not there is no text: what Drizzle writes for a new column changes nothing", async () => {
  await migrate({ "1_base.sql": fixture("base"), "2_more.sql": more });
  const before = await facts();
  await expect(
    migrate({ "3_change.sql": fixture("add-column-and-not-null") }),
  ).rejects.toMatchObject({ details: { reason: expect.stringContaining("no such column") } });
  expect(await facts()).toEqual(before);
});

test.each([
  [
    "rows that others refer to",
    setNotNull.replace("FROM `users`;", "FROM `users` where id > 1;"),
    "foreign keys would be broken: rows of posts refer to rows of users that are not there",
  ],
  [
    "a column that a view shows",
    setNotNull
      .replace(/\t`age`.*\n/, "")
      .replace("NOT NULL,\n)", "NOT NULL\n)")
      .replaceAll(', "age"', ""),
    "error in view ages: no such column: age",
  ],
])("losing %s is refused, and nothing has changed", async (_, text, reason) => {
  await migrate({ "1_base.sql": fixture("base"), "2_more.sql": more });
  const before = await facts();
  await expect(migrate({ "3_change.sql": text })).rejects.toMatchObject({
    code: "migration_failed",
    details: { reason },
  });
  expect(await facts()).toEqual(before);
});

test("foreign keys are at work in the next migration, after success and after failure", async () => {
  await migrate({ "1_base.sql": fixture("base"), "2_more.sql": more });
  await migrate({ "3_change.sql": setNotNull, "4_gone.sql": "delete from users where id = 1;" });
  expect(await rows("select id from posts")).toEqual([{ id: 2 }]);
  expect(await rows("select id, post_id from comments order by id")).toEqual([
    { id: 1, post_id: null },
    { id: 2, post_id: 2 },
  ]);
});

test("the migration's own trigger is not made twice, and one that it drops stays away", async () => {
  await migrate({ "1_base.sql": fixture("base"), "2_more.sql": more });
  const own =
    "create trigger users_log after update on users begin insert into log values ('own'); end;";
  await migrate({ "3_change.sql": `drop trigger posts_log;\n${setNotNull}\n${own}\n` });
  expect(await rows("select name from sqlite_schema where type = 'trigger' order by name")).toEqual(
    [{ name: "titles_insert" }, { name: "users_log" }],
  );
  await rows("update users set age = 1 where id = 1");
  expect(await rows("select line from log")).toEqual([{ line: "own" }]);
});
