/** `gen migration --diff`: a type that changes through a second column, there and back, with the rows that are there. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { ask } from "../faults/support/server.ts";
import { freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project, postgresRelease } from "./project.ts";

let project: Project;
let drop: () => Promise<void> = async () => undefined;
afterEach(async () => {
  project.remove();
  await drop();
});

const folder = "db/main/migrations";
const first = `create type mood as enum ('sad', 'glad');
create table posts (id bigint primary key, views int not null default 0, state text, note varchar(20));
create index posts_views on posts (views desc);
comment on column posts.views is 'how often';
insert into posts select n, n, 'glad', n::text from generate_series(1, 2500) n;`;
const wished = `create type mood as enum ('sad', 'glad');
create table posts (id bigint primary key, views bigint not null default 0, state mood, note varchar(20));
create index posts_views on posts (views desc);
comment on column posts.views is 'how often';`;

async function begin(before: string, after: string) {
  const database = await freshDatabase();
  drop = () => database.drop();
  project = makeProject({
    "release.ts": postgresRelease,
    [`${folder}/V20200101000000__first.sql`]: before,
    "schema.sql": after,
  });
  const env = { DATABASE_URL: database.url };
  const query = (sql: string) => ask(database.url, sql);
  return { query, run: (argv: readonly string[]) => project.run(argv, { env }), url: database.url };
}

it("a type goes through a second column and a backfill, and comes back", async () => {
  const { query, run, url } = await begin(first, wished);
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  const facts = () =>
    query(`select attname, format_type(atttypid, atttypmod) as type, attnotnull,
        (select conname from pg_constraint where conrelid = attrelid and contype = 'n' and conkey[1] = attnum) as needed,
        col_description(attrelid, attnum) as comment, pg_get_expr(adbin, adrelid) as value
      from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum
      where attrelid = 'posts'::regclass and attnum > 0 and not attisdropped order by attname`);
  const indexes = () =>
    query("select indexdef from pg_indexes where tablename = 'posts' order by 1");
  const [was, wereIndexes] = [await facts(), await indexes()];
  const words = ["gen", "migration", "wider", "--diff", "--to", "schema.sql", "--shadow", url];
  const made = await run(words);
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const files = readdirSync(join(project.folder, folder)).filter((file) => file.endsWith(".ts"));
  const [main = "", after = ""] = files.map((file) =>
    readFileSync(join(project.folder, folder, file), "utf8"),
  );
  expect(main).toContain('m.changeTypeSafely("posts", "views", "bigint", {');
  expect(main).toContain(
    'indexes: [{ name: "posts_views", columns: [{ column: "views", order: "desc" }] }]',
  );
  expect(main).toContain('m.changeTypeSafely("posts", "state", "public.mood", {');
  expect(after).toContain('phase: "after"');
  expect(after).toContain('m.finishChangeType("posts", "views", {');
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  expect(await facts()).toEqual(
    was.map((column) => ({
      ...column,
      type: { views: "bigint", state: "mood" }[column.attname as string] ?? column.type,
    })),
  );
  expect(await indexes()).toEqual(wereIndexes);
  await query("insert into posts (id, views) values (9001, 9)");
  const version = files[0]?.split("_")[0] ?? "";
  const back = await run(["rollback", "main", version]);
  expect([back.code, back.stderr]).toEqual([0, expect.any(String)]);
  expect(await facts()).toEqual(was);
  expect(await indexes()).toEqual(wereIndexes);
  expect(await query("select count(*)::int, sum(views)::int as sum from posts")).toEqual([
    { count: 2501, sum: (2500 * 2501) / 2 + 9 },
  ]);
});

it("a value that has none of the new type ends the migration before anything is changed", async () => {
  const { query, run, url } = await begin(first, wished);
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  const words = ["gen", "migration", "moods", "--diff", "--to", "schema.sql", "--shadow", url];
  await expect(run(words)).resolves.toMatchObject({ code: 0 });
  await query("update posts set state = 'angry' where id = 7");
  const columns = () =>
    query("select attname from pg_attribute where attrelid = 'posts'::regclass");
  const before = await columns();
  const ran = await run(["migrate", "-q"]);
  expect(ran.code).toBe(1);
  expect(ran.stderr).toContain('invalid input value for enum mood: "angry"');
  expect((await columns()).filter(({ attname }) => attname === "state__new")).toEqual([]);
  expect(before.length).toBeGreaterThan(0);
});

const filesOf = () =>
  readdirSync(join(project.folder, folder))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [file, readFileSync(join(project.folder, folder, file), "utf8")] as const);

it("a time gets its zone through a second column, by that of the migration, whoever writes", async () => {
  const [before, after] = ["timestamp", "timestamptz"].map(
    (type) =>
      `create table visits (id bigint primary key, at ${type}); create index visits_at on visits (at);`,
  ) as [string, string];
  const filled = `${before} insert into visits select n, '2024-07-01 12:00' from generate_series(1, 50) n;`;
  const { query, run, url } = await begin(filled, after);
  const [{ name = "" } = {}] = await query("select current_database() as name");
  await query(`alter database "${name}" set timezone = 'Europe/Berlin'`);
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  const made = await run(
    ["gen", "migration", "zone", "--diff", "--to", "schema.sql"].concat("--shadow", url),
  );
  expect([made.code, made.stderr]).toEqual([0, ""]);
  const [[file = "", main = ""] = []] = filesOf();
  expect(main).toContain('m.changeTypeSafely("visits", "at", "timestamp with time zone", {');
  await expect(run(["migrate", "-q", "--to", file.split("_")[0]!])).resolves.toMatchObject({
    code: 0,
  });
  const seen = () =>
    query("select distinct extract(epoch from at)::int as at, at__old::text as old from visits");
  const [{ at: epoch } = {}] = await query(
    "select extract(epoch from timestamptz '2024-07-01 10:00+00')::int as at",
  );
  expect(await seen()).toEqual([{ at: epoch, old: "2024-07-01 12:00:00" }]);
  await query("set timezone = 'Asia/Tokyo'; update visits set id = id where id < 20");
  expect(await seen()).toEqual([{ at: epoch, old: "2024-07-01 12:00:00" }]);
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  await expect(run(["rollback", "main", file.split("_")[0]!])).resolves.toMatchObject({ code: 0 });
  expect(await query("select distinct at::text from visits")).toEqual([
    { at: "2024-07-01 12:00:00" },
  ]);
});

it("no backfill sets off a trigger: the change is the plain one, and its indexes are built beside writers", async () => {
  const [before, after] = ["timestamp", "timestamptz"].map(
    (type) => `create table posts (id bigint primary key, at ${type}, views int, changed text);
create index posts_at on posts (at) where views > 0;
create unique index posts_once on posts (at, id);
create function touch() returns trigger language plpgsql as $$ begin new.changed := 'yes'; return new; end $$;
create trigger posts_touch before update on posts for each row execute function touch();`,
  ) as [string, string];
  const rows = "insert into posts select n, '2024-07-01', n from generate_series(1, 50) n;";
  const more = "alter table posts add token uuid not null default gen_random_uuid();";
  const { query, run, url } = await begin(`${before}${rows}`, `${after}${more}`);
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  const made = await run(
    ["gen", "migration", "zone", "--diff", "--to", "schema.sql"].concat("--shadow", url),
  );
  expect(made.code).toBe(0);
  const [[file = "", main = ""] = []] = filesOf();
  const calls = [...main.matchAll(/^ {4}m\.(\w+)\("(\w+)"/gm)].map(([, call, of]) => [call, of]);
  expect(calls).toEqual([
    ["dropIndexConcurrently", "posts"],
    ["alterTable", "posts"],
    ["createIndexConcurrently", "posts"],
  ]);
  expect(main.match(/name: "posts_\w+"/g)).toEqual(['name: "posts_at"', 'name: "posts_at"']);
  const indexes = () =>
    query("select indexdef from pg_indexes where tablename = 'posts' order by 1");
  const were = await indexes();
  await expect(run(["migrate", "-q"])).resolves.toMatchObject({ code: 0 });
  expect(await indexes()).toEqual(were);
  await expect(run(["rollback", "main", file.split("_")[0]!])).resolves.toMatchObject({ code: 0 });
  expect(await indexes()).toEqual(were);
  expect(await query("select count(*)::int, count(changed)::int as fired from posts")).toEqual([
    { count: 50, fired: 0 },
  ]);
});

it("what is made anew is there again before anything is built or filled", async () => {
  const [before, after] = [
    ["int", "views", "timestamp", "date(day)"],
    ["bigint", "views + 1 as views", "date", "day"],
  ].map(
    ([type, shown, time, key]) =>
      `create table posts (id bigint primary key, views int, likes ${type}, day ${time});
create index posts_day on posts (${key}); create view seen as select id, ${shown} from posts;`,
  ) as [string, string];
  const more = "create index posts_views on posts (views);";
  const { run, url } = await begin(before, `${after}${more}`);
  const made = await run(
    ["gen", "migration", "seen", "--diff", "--to", "schema.sql"].concat("--shadow", url),
  );
  // Its files are tried there and back before they stay: an index that changes with its column, too.
  expect(made.code).toBe(0);
  const [[, main = ""] = []] = filesOf();
  const words = [
    /drop ?view/i,
    /create ?view/i,
    /Safely\("posts", "likes"/,
    /createIndexConcurrently/,
  ];
  const places = words.map((one) => main.search(one));
  expect(places).toEqual(places.toSorted((a, b) => a - b));
  expect(places[0]).toBeGreaterThan(0);
});

it.each([
  ["a check", "alter table posts add check (views >= 0);"],
  ["a view", "create view seen as select views from posts;"],
  ["an expression of an index", "create index posts_more on posts ((views + 1));"],
  ["a sequence", "create sequence counter owned by posts.views;"],
])("it is the plain change where %s depends on the column", async (_, more) => {
  const [before, after] = ["int", "bigint"].map(
    (type) => `create table posts (id bigint primary key, views ${type}); ${more}`,
  ) as [string, string];
  const { run, url } = await begin(before, after);
  const words = ["gen", "migration", "wider", "--diff", "--to", "schema.sql", "--shadow", url];
  const made = await run(words);
  expect(made.code).toBe(0);
  expect(made.stderr).toContain(
    'by hand, beside running code: m.changeTypeSafely("posts", "views"',
  );
});
