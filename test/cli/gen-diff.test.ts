/** `gen migration --diff`: what is written for a wished schema, that it does it, and what can be wrong. */
import { chmodSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, inject, it } from "vitest";
import { type FreshDatabase, freshDatabase } from "../support/postgres.ts";
import { makeProject, type Project, postgresRelease } from "./project.ts";

let project: Project;
let database: FreshDatabase;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.drop());

const folder = "db/main/migrations";
const first = `import { defineMigration } from "slipway";

export default defineMigration({
  change(m) {
    m.createTable("posts", (t) => {
      t.column("id", "bigint", { primaryKey: true });
      t.column("title", "character varying(100)", { default: "none" });
      t.column("mood", "text");
      t.column("total", "integer");
    });
    m.createIndex("posts", ["mood"], { name: "posts_mood" });
    m.createEnum("status", ["draft", "public"]);
    m.createView("titles", { as: "select title from posts" });
    m.createTable("old", (t) => {
      t.column("id", "bigint", { primaryKey: true });
    });
  },
});
`;
const firstFile = `${folder}/20200101000000_first.ts`;
const wished = `create type status as enum ('draft', 'hidden', 'public');
create table authors (id bigserial primary key, email text not null unique);
create table posts (
  id bigint primary key, title varchar(200) not null, total integer check (total > 0),
  author bigint references authors on delete cascade, status status default 'hidden' not null,
  token uuid default gen_random_uuid() not null
);
create index posts_author on posts (author);
create view titles as select title, total from posts;
create function one() returns int language sql as 'select 1';
`;

const files = () => readdirSync(join(project.folder, folder)).toSorted();
const textOf = (name: string) =>
  readFileSync(
    join(project.folder, folder, files().find((file) => file.endsWith(`_${name}.ts`))!),
    "utf8",
  ).replace(/(?<=requires: \{ migration: )\d{14}(?= \})/, "…");
/** With a shadow of the default kind, which is PGlite. */
const inMemory = (...words: readonly string[]) =>
  project.run(["gen", "migration", ...words], { env: { DATABASE_URL: database.url } });
/** With a shadow on the server of the run, which takes an eighth of the time of a PGlite. */
const diff = (...words: readonly string[]) =>
  words.includes("--diff")
    ? inMemory(...words, "--shadow", inject("postgresUrl"))
    : inMemory(...words);
const toFile = ["--diff", "--to", "schema.sql"];

beforeEach(() => {
  project = makeProject({
    "release.ts": postgresRelease,
    [firstFile]: first,
    "schema.sql": wished,
  });
});
afterEach(() => project.remove());

it("is the first command of a project, too, and leaves no folder where it writes nothing", async () => {
  rmSync(join(project.folder, "db"), { recursive: true });
  const checked = await inMemory("--check", ...toFile);
  expect(checked.code).toBe(3);
  expect(project.has("db")).toBe(false);
  expect(await inMemory("first", ...toFile)).toMatchObject({ code: 0, stderr: "" });
  expect(files().length).toBeGreaterThan(0);
});

it("updates an extension whose version alone differs, and the new version stays going down", async () => {
  rmSync(join(project.folder, firstFile));
  project.write(
    `${folder}/20200101000000_trigrams.sql`,
    "-- migrate:up\ncreate extension pg_trgm version '1.5';\n-- migrate:down\ndrop extension pg_trgm;\n",
  );
  project.write("schema.sql", "create extension pg_trgm;\n");
  expect(await diff("newer", ...toFile)).toMatchObject({ code: 0, stderr: "" });
  expect(textOf("newer")).toContain('m.updateExtension("pg_trgm", { to: "1.6", down: "keep" });');
  expect(await diff("--check", ...toFile)).toMatchObject({ code: 0 });
});

describe("gen migration --diff", () => {
  it("writes it in its safe form, cut where old code must be gone", async () => {
    const ran = await inMemory("wished", ...toFile);
    expect(ran).toMatchObject({ code: 0, stderr: "" });
    expect(ran.stdout).toMatch(
      /^\* creating \S+_wished_values\.ts\n\* creating \S+_wished\.ts\n\* creating \S+_wished_statistics\.ts\n\* creating \S+_wished_after\.ts\n$/,
    );
    expect(textOf("wished_values")).toBe(`import { defineMigration } from "slipway";

// A new value of an enum can be used only when the transaction that added it has ended.
export default defineMigration({
  change(m) {
    m.execute("ALTER TYPE \\"public\\".\\"status\\" ADD VALUE 'hidden' AFTER 'draft'", {
      down: \`ALTER TYPE "public"."status" RENAME TO "status__old";
CREATE TYPE "public"."status" AS ENUM ('draft', 'public');
DROP TYPE "public"."status__old"\`,
    });
  },
});
`);
    const carried =
      / {4}\/\/ What was granted on it, and whose it is, stays\.[\s\S]*?\n {4}\}\);\n/g;
    expect(textOf("wished").match(carried)).toHaveLength(2);
    expect(
      textOf("wished").replace(carried, ""),
    ).toBe(`import { defineMigration, sql } from "slipway";

export default defineMigration({
  requires: { migration: … },
  change(m) {
    // A function may name what comes after it.
    m.execute("SET check_function_bodies = off", { down: "" });
    m.dropView("titles", {
      was: {
        as: \`SELECT title
   FROM public.posts\`,
      },
    });
    m.alterTable("posts", (t) => {
      t.dropDefault("title", { was: "none" });
    });
    m.execute(\`CREATE OR REPLACE FUNCTION public.one()
 RETURNS integer
 LANGUAGE sql
AS $function$select 1$function$\`, { down: "DROP FUNCTION \\"public\\".\\"one\\"()" });
    m.createTable("authors", (t) => {
      t.column("id", "bigserial", { primaryKey: true });
      t.column("email", "text", { null: false });
    });
    m.alterTable("posts", (t) => {
      t.setType("title", "character varying(200)", { was: "character varying(100)" });
      t.add("author", "bigint");
      t.add("status", "public.status", { null: false, default: sql\`'hidden'::public.status\` });
    });
    // The default differs from row to row: old rows are filled batch by batch.
    m.addColumnWithBackfill("posts", "token", "uuid", { null: false, default: sql\`gen_random_uuid()\` });
    m.createView("titles", {
      as: \`SELECT title,
    total
   FROM public.posts\`,
    });
    m.createConstraint("authors", "authors_email_key", { unique: ["email"] });
    // Built concurrently: writers continue meanwhile.
    m.createIndexConcurrently("posts", ["author"], { name: "posts_author" });
    // Not valid at first, and validated beside readers and writers.
    m.addForeignKey("posts", {
      name: "posts_author_fkey",
      columns: ["author"],
      table: "authors",
      onDelete: "cascade",
    });
    // Not valid at first, and validated beside readers and writers.
    m.addCheck("posts", "posts_total_check", "total > 0");
    // A function may name what comes after it.
    m.execute("", { down: "SET check_function_bodies = off" });
  },
});
`);
    expect(textOf("wished_statistics")).toBe(`import { defineMigration } from "slipway";

// It reads rows, and in the transaction of the change its lock would last as long.
export default defineMigration({
  requires: { migration: … },
  change(m) {
    // The planner forgets what it knew of a column whose type changes.
    m.execute("ANALYZE \\"public\\".\\"posts\\"", { down: "" });
  },
});
`);
    expect(textOf("wished_after")).toBe(`import { defineMigration } from "slipway";

// Code of the release before may need what goes here, so it goes when that code is gone.
export default defineMigration({
  phase: "after",
  requires: { migration: … },
  change(m) {
    // Dropped concurrently: nobody waits.
    m.dropIndexConcurrently("posts", ["mood"], { name: "posts_mood" });
    m.alterTable("posts", (t) => {
      t.remove("mood", { was: "text" });
    });
    m.dropTable("old", {
      was: (t) => {
        t.column("id", "bigint", { primaryKey: true });
      },
    });
    // Code of the release before may write NULL. Proved beside readers and writers, then set.
    m.setNotNullSafely("posts", "title");
  },
});
`);
    await expect(
      project.run(["check", "--all", "--shadow", inject("postgresUrl")]),
    ).resolves.toMatchObject({ code: 0 });
    const again = await diff("again", ...toFile);
    expect(again).toMatchObject({
      code: 0,
      stdout: "main: the migrations make the schema of schema.sql\n",
    });
    await expect(diff(...toFile, "--check")).resolves.toMatchObject({ code: 0, stderr: "" });
    expect(files()).toHaveLength(5);
  });

  it("--check writes nothing, names what differs and exits 3", async () => {
    const { code, stdout, stderr } = await diff(...toFile, "--check");
    expect(code).toBe(3);
    expect(stderr).toContain(
      "repo main: the migrations do not make the schema of schema.sql: 17 differences",
    );
    expect(stdout).toContain("\n+ table public.authors\n");
    expect(stdout).toContain("\n- index public.posts_mood\n");
    expect(files()).toHaveLength(1);
  });

  it("takes both ends from databases, which are only read", async () => {
    const env = { env: { DATABASE_URL: database.url } };
    await expect(project.run(["migrate", "-q"], env)).resolves.toMatchObject({ code: 0 });
    const other = await freshDatabase();
    try {
      const urls = ["--diff", "--from-url", database.url, "--to-url", other.url];
      const ran = await diff("emptied", ...urls);
      expect(ran).toMatchObject({ code: 0, stderr: "" });
      expect(textOf("emptied")).toContain('m.dropTable("posts", {');
      expect(textOf("emptied")).toContain('phase: "after"');
      expect(textOf("emptied")).not.toContain("slipway_");
      for (const end of ["--to-url", "--from-url"]) {
        const wished = end === "--to-url" ? [] : ["--to", "schema.sql"];
        const away = new URL(database.url);
        away.pathname = "/nowhere_at_all";
        const refused = await diff("away", "--diff", ...wished, end, away.href);
        expect([refused.code, refused.stderr], end).toEqual([
          2,
          expect.stringMatching(/^error: repo main: cannot connect to postgres:.*nowhere_at_all/),
        ]);
      }
      await expect(project.run(["migrate", "-q"], env)).resolves.toMatchObject({ code: 0 });
      await expect(diff("nothing", "--diff", "--to-url", database.url)).resolves.toMatchObject({
        code: 0,
        stdout: "main: the migrations make the schema of --to-url\n",
      });
    } finally {
      await other.drop();
    }
  });

  it("tells what may be a rename, and writes one that is given", async () => {
    const renamed = `create type status as enum ('draft', 'public');
create table posts (
  id bigint primary key, heading varchar(100) not null default 'none', mood text, total int
);
create index posts_mood on posts (mood, heading);
create view titles as select heading from posts;
create table archive (id bigint constraint old_pkey primary key);
`;
    project.write("schema.sql", renamed);
    project.write(
      firstFile,
      first
        .replace('["mood"]', '["mood", "title"]')
        .replace('{ default: "none" }', '{ default: "none", null: false }'),
    );
    const guessed = await diff("guessed", ...toFile);
    expect(guessed.code).toBe(0);
    expect(guessed.stderr).toContain("if it is one, --rename posts.title=heading\n");
    expect(guessed.stderr).toContain("if it is one, --rename old=archive\n");
    for (const file of files().slice(1)) rmSync(join(project.folder, folder, file));
    const renames = ["--rename", "posts.title=heading", "--rename", "old=archive"];
    const ran = await diff("named", ...toFile, ...renames);
    expect(ran.stderr).not.toContain("perhaps");
    expect(ran.code).toBe(0);
    expect(files().map((file) => file.slice(15))).toEqual(["first.ts", "named.ts"]);
    const text = textOf("named");
    expect(text).toContain('m.renameColumn("posts", "title", { to: "heading" });');
    expect(text).toContain('m.renameTable("old", { to: "archive" });');
    expect(text).not.toContain("t.remove");
    expect(text).not.toContain("createIndex");
    await expect(
      project.run(["check", "--all", "--shadow", inject("postgresUrl")]),
    ).resolves.toMatchObject({ code: 0 });
    await expect(diff("again", ...toFile)).resolves.toMatchObject({ code: 0, stderr: "" });
  });

  it("a table and a column of it are renamed in one go, in whatever order they are said", async () => {
    project.write(
      "schema.sql",
      `create type status as enum ('draft', 'public');
create table articles (
  id bigint constraint posts_pkey primary key, heading varchar(100) default 'none', mood text, total int
);
create index posts_mood on articles (mood);
create view titles as select heading as title from articles;
create table old (id bigint primary key);
`,
    );
    const ran = await diff(
      "both",
      ...[...toFile, "--rename", "posts=articles", "--rename", "posts.title=heading"],
    );
    expect([ran.code, ran.stderr.includes("perhaps")], ran.stderr).toEqual([0, false]);
    const text = textOf("both");
    expect(text).toContain('{ to: "heading" }');
    expect(text).toContain('m.renameTable("posts", { to: "articles" });');
    expect(text).not.toContain("t.remove");
  });

  it("renames to and from names in quotes, and keeps NOT NULL by names of 63 bytes", async () => {
    const long = "a_name_that_is_so_long_that_the_server_has_to_cut_it_ä";
    project.write(
      firstFile,
      first.replace(
        / {4}m\.createTable[\s\S]*(?= {2}},\n}\);)/,
        `    m.execute(\`
CREATE TABLE "Posts" (id bigint PRIMARY KEY, "order" text NOT NULL, "${long}" text NOT NULL CHECK ("order" <> 'order'), twice text GENERATED ALWAYS AS ("order" || 'x') STORED);
CREATE INDEX "Posts order" ON "Posts" ("order", lower("order"));
CREATE TABLE marks (post bigint REFERENCES "Posts", "${long}" int);\`, { down: "" });
`,
      ),
    );
    project.write(
      "schema.sql",
      `CREATE TABLE "select" (id bigint CONSTRAINT "Posts_pkey" PRIMARY KEY, "Heading" text NOT NULL, "${long}" text NOT NULL CONSTRAINT "Posts_check" CHECK ("Heading" <> 'order'), twice text GENERATED ALWAYS AS ("Heading" || 'x') STORED);
CREATE INDEX "Posts order" ON "select" ("Heading", lower("Heading"));
CREATE TABLE marks (post bigint REFERENCES "select", "${long}" int NOT NULL);
`,
    );
    const renames = ["--rename", "Posts=select", "--rename", "Posts.order=Heading"];
    const ran = await diff("quoted", ...toFile, ...renames);
    expect(ran.code, ran.stderr).toBe(0);
    expect(ran.stderr.match(/: [a-z-]+: /g)).toEqual([": rename-column: ", ": rename-table: "]);
    expect(textOf("quoted")).toContain('m.renameTable("Posts", { to: "select" });');
    expect(textOf("quoted")).not.toContain("createIndex");
    expect(textOf("quoted_after")).toContain("m.setNotNullSafely(");
    await expect(diff("again", ...toFile)).resolves.toMatchObject({ code: 0, stderr: "" });
  });

  it("says of a narrower type which rows would stop it", async () => {
    project.write(
      "schema.sql",
      `create type status as enum ('draft', 'public');
create table posts (id bigint primary key, title varchar(40) default 'none', mood varchar(9), total smallint);
create index posts_mood on posts (mood);
create view titles as select title from posts;
create table old (id bigint primary key);
`,
    );
    const ran = await diff("narrower", ...toFile);
    expect(ran.code, ran.stderr).toBe(0);
    const counts = [...ran.stderr.matchAll(/^warning: (\S+) becomes .*count those first: (.*)$/gm)];
    expect(counts.map(([, column, query]) => [column, query])).toEqual([
      ["posts.title", "SELECT count(*) FROM public.posts WHERE length(title) > 40"],
      ["posts.mood", "SELECT count(*) FROM public.posts WHERE length(mood) > 9"],
      ["posts.total", "SELECT count(*) FROM public.posts WHERE total NOT BETWEEN -32768 AND 32767"],
    ]);
  });

  it("names what it does not cover, and writes the rest", async () => {
    project.write(
      firstFile,
      first.replace(
        / {4}m\.createTable[\s\S]*(?= {2}},\n}\);)/,
        `    m.execute(\`
CREATE TYPE older;\`, { down: "" });
`,
      ),
    );
    project.write(
      "schema.sql",
      `CREATE TYPE unfinished;
CREATE TEXT SEARCH CONFIGURATION words (COPY = simple);
CREATE FOREIGN DATA WRAPPER away;
CREATE SERVER there FOREIGN DATA WRAPPER away;
CREATE FOREIGN TABLE far (id int) SERVER there;
CREATE TABLE posts (id int PRIMARY KEY);
`,
    );
    const ran = await diff("rest", ...toFile);
    expect(ran.code, ran.stderr).toBe(0);
    const told = (name: string, what: string) =>
      expect(ran.stderr).toMatch(new RegExp(`^warning: ${name} is ${what} and not covered`, "m"));
    told("type public\\.unfinished", "in the wished schema");
    told("type public\\.older", "not in the wished schema");
    for (const made of ['m.createTable("posts"', "CREATE FOREIGN TABLE", "ADD MAPPING FOR word"])
      expect(textOf("rest")).toContain(made);
  });

  it("takes what another tool of the project writes", async () => {
    const words = "export --dialect postgresql --schema src/schema.ts --sql";
    project.write(
      "node_modules/.bin/drizzle-kit",
      `#!/bin/sh\nif [ "$*" != "${words}" ]; then echo "what is $*?" >&2; exit 1; fi\necho 'CREATE TABLE "posts" ("id" bigint PRIMARY KEY GENERATED BY DEFAULT AS IDENTITY (sequence name "posts_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1));'\n`,
    );
    chmodSync(join(project.folder, "node_modules/.bin/drizzle-kit"), 0o755);
    project.write("src/schema.ts", "");
    project.write("drizzle.config.ts", "");
    const drizzled = await diff("drizzled", "--diff", "--to", "drizzle:src/schema.ts");
    expect(drizzled.code).toBe(0);
    expect(textOf("drizzled")).toContain("ADD GENERATED BY DEFAULT AS IDENTITY");
    await expect(diff("x", "--diff", "--to", "drizzle:src/scheme.ts")).resolves.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        "error: --to is src/scheme.ts, which is not a file that drizzle-kit could read\n",
      ),
    });
    await expect(diff("x", "--diff", "--to", "drizzle:drizzle.config.ts")).resolves.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(
        /^error: drizzle-kit has written no schema: what is export --config drizzle\.config\.ts --sql\?\n/,
      ),
    });
  });

  const wrong: readonly (readonly [
    why: string,
    words: readonly string[],
    files: { readonly [path: string]: string },
    code: number,
    line: RegExp,
  ])[] = [
    [
      "no wished schema",
      ["x", "--diff"],
      {},
      2,
      /^error: --diff wants one wished schema\nhint: Give either --to/,
    ],
    ["two of them", ["x", ...toFile, "--to-url", "postgres://x"], {}, 2, /wants one wished schema/],
    [
      "a flag of it without it",
      ["x", "--to", "schema.sql"],
      {},
      2,
      /^error: --to says something of --diff/,
    ],
    [
      "SQL",
      ["x", ...toFile, "--sql"],
      {},
      2,
      /^error: --diff writes TypeScript for the schema, not --sql/,
    ],
    ["no name", [...toFile], {}, 2, /receive the migration file name/],
    ["a name that is taken", ["first", ...toFile], {}, 2, /first/],
    [
      "a rename of nothing",
      ["x", ...toFile, "--rename", "posts.none=heading"],
      {},
      2,
      /--rename.*posts\.none=heading/,
    ],
    [
      "a rename to what does not come",
      ["x", ...toFile, "--rename", "posts.title=nowhere"],
      { "schema.sql": "create table posts (id bigint primary key, heading text);" },
      2,
      /^error: --rename posts\.title=nowhere is no rename: posts\.nowhere, which the wished schema does not have/,
    ],
    [
      "a rename to what is there",
      ["x", ...toFile, "--rename", "posts.title=mood"],
      { "schema.sql": "create table posts (id bigint primary key, mood text);" },
      2,
      /is no rename: posts\.mood, which is there already/,
    ],
    [
      "one that goes by two names",
      ["x", ...toFile, "--rename", "posts.title=a", "--rename", "posts.title=b"],
      { "schema.sql": "create table posts (id bigint primary key, a text, b text);" },
      2,
      /--rename posts\.title=b is no rename: said twice/,
    ],
    [
      "a file that is not there",
      ["x", "--diff", "--to", "nowhere.sql"],
      {},
      2,
      /--to.*nowhere\.sql/,
    ],
    [
      "an empty file",
      ["x", ...toFile],
      { "schema.sql": "-- nothing\n" },
      2,
      /^error: there is no SQL in schema\.sql\nhint: Give --to the SQL /,
    ],
    [
      "a file that does not load",
      ["x", ...toFile],
      { "schema.sql": "create table a (id int);\n\ncreate table b (id nothing);\n" },
      1,
      /^error: schema\.sql:3: repo main: type "nothing" does not exist, in create table b/,
    ],
    [
      "a dump of MariaDB",
      ["x", ...toFile],
      {
        "schema.sql":
          "CREATE TABLE `a` (\n  `id` int(11)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n",
      },
      2,
      /^error: schema\.sql is a dump of MariaDB or MySQL, which the database of repo main cannot read\n/,
    ],
    [
      "a table that becomes partitioned",
      ["x", ...toFile],
      { "schema.sql": "create table old (id bigint primary key) partition by hash (id);" },
      4,
      /^error: repo main: nothing was written: table public\.old: it would be partitioned by HASH \(id\), and its rows would be lost\n/,
    ],
    [
      "an extension that PGlite lacks",
      ["x", ...toFile],
      { "schema.sql": "create extension postgis;" },
      2,
      /^error: schema\.sql: repo main wants the extension postgis, .*\nhint: .*--shadow/,
    ],
    [
      "a tool that is missing",
      ["x", "--diff", "--to", "prisma:schema.prisma"],
      {},
      2,
      /^error: prisma is not installed here\nhint: Install it: npm install --save-dev prisma/,
    ],
    [
      "a server that is not there",
      ["x", "--diff", "--to-url", "postgres://u@127.0.0.1:1/none"],
      {},
      2,
      /127\.0\.0\.1:1/,
    ],
  ];

  it.each(wrong)("refuses %s, and writes nothing", async (_, words, more, code, line) => {
    for (const [path, text] of Object.entries(more)) project.write(path, text);
    const run = more["schema.sql"]?.includes("postgis") ? inMemory : diff;
    const ran = await run(...words);
    expect(ran.stderr).toMatch(line);
    expect(ran.code).toBe(code);
    expect(files()).toHaveLength(1);
  });
});
