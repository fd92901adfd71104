/** `safe: "auto"` in SQL files: statements of the author's own, edited so that they stop nobody. */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { checkHistory } from "../../src/check/check-history.ts";
import { neededParser } from "../../src/check/parser.ts";
import { verdictsOf } from "../../src/check/verdicts-of.ts";
import {
  defineRelease,
  isReleaseError,
  type MigrationDefinition,
  type MigrationsOption,
} from "../../src/index.ts";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const parser = await neededParser("the test");
let database: TestDatabase;
afterEach(() => database.dispose());

const tables = {
  "1_tables": `-- migrate:up
CREATE TABLE users (id int PRIMARY KEY);
CREATE TABLE posts (id int PRIMARY KEY, author int, title text);
-- migrate:down
DROP TABLE posts, users;
`,
};

function releaseOf(migrations: MigrationsOption) {
  const heard = recorder();
  const main = { adapter: database.adapter, migrations, safe: "auto" } as const;
  const app = defineRelease({ app: "app", repos: { main } }).using(heard.world);
  const warnings = () =>
    heard.events.flatMap((event) => (event.type === "warning" ? [event.message] : []));
  return { app, warnings };
}

const codeOf = async (run: Promise<unknown>) => {
  const error = await run.catch((thrown: unknown) => thrown);
  return isReleaseError(error) ? error.code : undefined;
};

/** What is left behind: indexes and constraints of posts, and whether they hold for all rows. */
async function posts(): Promise<readonly string[]> {
  const rows = await database.query(`
    SELECT pg_get_indexdef(indexrelid) || CASE WHEN indisvalid THEN '' ELSE ' INVALID' END AS line FROM pg_index WHERE indrelid = 'posts'::regclass
    UNION ALL SELECT conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'posts'::regclass AND contype <> 'n'
    UNION ALL SELECT attname || ' NOT NULL' FROM pg_attribute WHERE attrelid = 'posts'::regclass AND attnotnull AND attnum > 0`);
  return rows.map(({ line }) => String(line)).sort();
}

const key = "CREATE UNIQUE INDEX posts_pkey ON public.posts USING btree (id)";
const asItWas = [key, "id NOT NULL", "posts_pkey PRIMARY KEY (id)"];

describe.each(["pglite", "postgres"] as const)("on %s", (kind) => {
  beforeEach(async () => {
    database = await testDatabase(kind);
    await releaseOf(tables).app.migrate();
    await database.query("INSERT INTO users VALUES (1); INSERT INTO posts VALUES (1, 1, 'one')");
  });

  it("edits what has a form, statement by statement, says so, and goes back by what the author wrote", async () => {
    const { app, warnings } = releaseOf({
      ...tables,
      "2_more": `-- migrate:up
CREATE UNIQUE INDEX posts_title ON posts (lower(title)) WHERE id > 0; -- as it is asked for
ALTER TABLE posts
  ADD COLUMN seen int,
  ADD CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users ON DELETE SET NULL (author);
ALTER TABLE posts ALTER author SET NOT NULL, ALTER title SET NOT NULL;
COMMENT ON TABLE posts IS 'what is written';
-- migrate:down
ALTER TABLE posts DROP CONSTRAINT posts_author, DROP COLUMN seen, ALTER author DROP NOT NULL, ALTER title DROP NOT NULL;
DROP INDEX posts_title;
`,
    });
    await app.migrate();
    const [one, two, three, ...more] = warnings();
    expect(more).toEqual([]);
    expect(one).toBe(
      "2_more: CREATE UNIQUE INDEX posts_title ON posts (lower(title)) WHERE id > 0 is replaced by CREATE UNIQUE INDEX CONCURRENTLY posts_title ON posts (lower(title)) WHERE id > 0",
    );
    expect(two).toContain(
      "is replaced by ALTER TABLE posts ADD COLUMN seen int; ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users ON DELETE SET NULL (author) NOT VALID; ALTER TABLE posts VALIDATE CONSTRAINT posts_author",
    );
    expect(three).toMatch(/VALIDATE CONSTRAINT.*VALIDATE CONSTRAINT/);
    expect(await posts()).toEqual([
      key,
      "CREATE UNIQUE INDEX posts_title ON public.posts USING btree (lower(title)) WHERE (id > 0)",
      "author NOT NULL",
      "id NOT NULL",
      "posts_author FOREIGN KEY (author) REFERENCES users(id) ON DELETE SET NULL (author)",
      "posts_pkey PRIMARY KEY (id)",
      "title NOT NULL",
    ]);
    await app.rollback("main", 2);
    expect(await posts()).toEqual(asItWas);
  });

  it("analyzes a table whose column has a new type", async () => {
    await database.query("ANALYZE posts");
    const { app, warnings } = releaseOf({
      ...tables,
      "2_c": "ALTER TABLE posts ALTER title TYPE varchar;",
    });
    await app.migrate({ strict: true });
    expect(warnings().join()).toContain(
      "is replaced by ALTER TABLE posts ALTER title TYPE varchar; ANALYZE posts",
    );
    const known = await database.query("SELECT attname FROM pg_stats WHERE tablename = 'posts'");
    expect(known.map(({ attname }) => attname)).toContain("title");
  });

  it("analyzes a table whose column has a new type in TypeScript", async () => {
    await database.query("ANALYZE posts");
    const known = async () =>
      (await database.query("SELECT attname FROM pg_stats WHERE tablename = 'posts'")).map(
        ({ attname }) => attname,
      );
    const change: MigrationDefinition["change"] = (m) =>
      m.alterTable("posts", (t) => {
        t.add("seen", "integer");
        t.modify("title", "text", { was: "text" });
      });
    const { app, warnings } = releaseOf({ ...tables, "2_c": { change } });
    await app.migrate({ strict: true });
    expect(warnings()).toEqual([
      "2_c: alter table posts is replaced by safely: change columns of table posts, and analyze it",
    ]);
    expect(await known()).toContain("title");
    await app.rollback("main", 2);
    expect(await posts()).toEqual(asItWas);
  });

  it("leaves a new type alone when its author has answered", async () => {
    const change: MigrationDefinition["change"] = (m) =>
      m.alterTable("posts", (t) => t.modify("title", "text", { was: "text" }));
    const safe = { "statistics-lost": "nobody asks for it" };
    const { app, warnings } = releaseOf({ ...tables, "2_c": { change, safe } });
    await app.migrate({ strict: true });
    expect(warnings()).toEqual([]);
  });

  it("runs again only what had not run when a row kept a part from it", async () => {
    await database.query("INSERT INTO posts VALUES (2, 7, 'two')");
    const migrations = {
      ...tables,
      "2_keys": `CREATE INDEX posts_author_index ON posts (author);
ALTER TABLE posts ADD CONSTRAINT posts_author FOREIGN KEY (author) REFERENCES users;`,
    };
    expect(await codeOf(releaseOf(migrations).app.migrate())).toBe("migration_failed");
    expect(await posts()).toContain(
      "posts_author FOREIGN KEY (author) REFERENCES users(id) NOT VALID",
    );
    await database.query("DELETE FROM posts WHERE id = 2");
    await releaseOf(migrations).app.migrate();
    expect(await posts()).toContain("posts_author FOREIGN KEY (author) REFERENCES users(id)");
  });

  it.each([
    [
      "an answer",
      '-- slipway: safe index-not-concurrent "ten rows"\nCREATE INDEX i ON posts (title);',
      undefined,
    ],
    [
      "its own word for one transaction",
      "-- slipway: transaction=true\nCREATE INDEX i ON posts (title);",
      "unsafe",
    ],
    ["BEGIN and COMMIT of its own", "BEGIN; CREATE INDEX i ON posts (title); COMMIT;", "unsafe"],
    [
      "a transaction that starts behind a remark",
      "/* all or nothing */ START TRANSACTION;\nALTER TABLE posts ADD CONSTRAINT u UNIQUE (title);\nEND;",
      "unsafe",
    ],
    [
      "rows in the same transaction",
      "INSERT INTO users VALUES (2); CREATE INDEX i ON posts (title);",
      "unsafe",
    ],
    [
      "a setting of its transaction",
      "SET LOCAL work_mem = '1MB'; CREATE INDEX i ON posts (title);",
      "unsafe",
    ],
    [
      "something taken away until its end",
      "ALTER TABLE posts DROP CONSTRAINT IF EXISTS u; ALTER TABLE posts ADD CONSTRAINT u UNIQUE (title);",
      "unsafe",
    ],
    ["no form", "ALTER TABLE posts ALTER id TYPE bigint;", "unsafe"],
    ["an index that nobody knows", "DROP INDEX IF EXISTS unknown_index;", "unsafe"],
  ] as const)("leaves alone what has %s", async (_, sql, code) => {
    const { app, warnings } = releaseOf({ ...tables, "2_alone": sql });
    expect(await codeOf(app.migrate({ strict: true }))).toBe(code);
    expect(warnings().filter((line) => line.includes("is replaced by"))).toEqual([]);
  });

  it("leaves alone what is on a table of the same run", async () => {
    const { app, warnings } = releaseOf({
      ...tables,
      "2_tags": "CREATE TABLE tags (name text);",
      "3_index": "CREATE INDEX tags_name ON tags (name);",
      "4_posts": "CREATE INDEX posts_title ON posts (title);",
    });
    await app.migrate();
    expect(warnings()).toEqual([
      "4_posts: CREATE INDEX posts_title ON posts (title) is replaced by CREATE INDEX CONCURRENTLY posts_title ON posts (title)",
    ]);
  });

  it("carries the forms in what is built, for servers before 18 too, and check has nothing to say", async () => {
    const sql =
      "CREATE INDEX posts_title ON posts (title);\nALTER TABLE posts ALTER author SET NOT NULL;";
    const migrations = { ...tables, "2_built": sql };
    const [inventory] = await releaseOf(migrations).app.inventory();
    const verdict = verdictsOf([inventory!], () => parser)("main", "2_built");
    expect(verdict).toMatchObject({
      findings: [],
      safer: [
        { statement: 0, sql: ["CREATE INDEX CONCURRENTLY posts_title ON posts (title)"] },
        {
          statement: 1,
          sql: [
            "ALTER TABLE posts ADD CONSTRAINT posts_author_not_null NOT NULL author NOT VALID",
            "ALTER TABLE posts VALIDATE CONSTRAINT posts_author_not_null",
          ],
          before18: [
            "ALTER TABLE posts ADD CONSTRAINT posts_author_not_null CHECK (author IS NOT NULL) NOT VALID",
            "ALTER TABLE posts VALIDATE CONSTRAINT posts_author_not_null",
            "ALTER TABLE posts ALTER COLUMN author SET NOT NULL",
            "ALTER TABLE posts DROP CONSTRAINT posts_author_not_null",
          ],
        },
      ],
    });
    const known = { findings: [], makes: ["users", "posts"] };
    const { app, warnings } = releaseOf([
      { id: "1_tables", load: tables["1_tables"], verdict: known },
      { id: "2_built", load: sql, verdict: verdict! },
    ]);
    await app.migrate({ strict: true });
    expect(warnings()).toHaveLength(2);
    expect(await posts()).toContain("author NOT NULL");
    const how = { parser, isOneRun: true, policy: false, own: [], replacesUnsafe: true };
    const found = checkHistory(inventory!.migrations, { ...how, wanted: new Set(["2"]) });
    expect(found).toMatchObject({ findings: [], answered: [] });
  });
});
