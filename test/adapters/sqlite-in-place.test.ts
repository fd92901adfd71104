/** What SQLite changes in place since 3.53 is not a rebuild, and a column that a trigger needs is not dropped. */
import { DatabaseSync } from "node:sqlite";
import { defineRelease, isReleaseError, type MigrationDefinition } from "slipway";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestDatabase, testDatabase } from "../support/databases.ts";
import { recorder } from "../support/recorder.ts";

const { version } = new DatabaseSync(":memory:")
  .prepare("SELECT sqlite_version() AS version")
  .get()!;
const [, minor = 0] = String(version).split(".").map(Number);

let database: TestDatabase;
beforeEach(async () => {
  database = await testDatabase("sqlite");
});
afterEach(() => database.dispose());

const rows = async (sql: string) =>
  (await database.query(sql)).map((row) => Object.values(row).map(String).join(" "));
/** A table that was built anew has another first page. */
const page = () => rows("SELECT rootpage FROM sqlite_schema WHERE name = 'posts'");

function releaseOf(migration: MigrationDefinition | string) {
  const main = { adapter: database.adapter, migrations: { "1_change": migration } };
  return defineRelease({ app: "app", repos: { main } }).using(recorder().world);
}

async function failure(migration: MigrationDefinition | string): Promise<string> {
  const error = await releaseOf(migration)
    .migrate()
    .catch((thrown: unknown) => thrown);
  return isReleaseError(error) ? error.message : "it was done";
}

describe("in place", () => {
  beforeEach(async () => {
    await database.query("CREATE TABLE other (id INTEGER)");
    await database.query(
      "CREATE TABLE posts (id INTEGER PRIMARY KEY, title TEXT, score INTEGER NOT NULL CONSTRAINT low CHECK (score < 9) -- the score\n)",
    );
    await database.query("INSERT INTO posts VALUES (1, 'one', 1), (2, NULL, 2)");
  });

  const change = (write: NonNullable<MigrationDefinition["change"]>) => ({ change: write });
  /** What is done, and the minor version since which it needs no rebuild. */
  const cases: readonly (readonly [string, MigrationDefinition, number])[] = [
    ["DROP NOT NULL", change((m) => m.alterTable("posts", (t) => t.dropNotNull("score"))), 53],
    ["SET NOT NULL", change((m) => m.alterTable("posts", (t) => t.setNotNull("id"))), 53],
    ["a check", change((m) => m.createConstraint("posts", "k", { check: "score > 0" })), 53],
    [
      "a check that goes",
      change((m) => m.dropConstraint("posts", "low", { was: { check: "score < 9" } })),
      53,
    ],
    [
      "a check that is NULL for a row",
      change((m) => m.createConstraint("posts", "k", { check: "title <> ''" })),
      54,
    ],
    [
      "a unique constraint",
      change((m) => m.createConstraint("posts", "k", { unique: ["title"] })),
      Number.POSITIVE_INFINITY,
    ],
    [
      "another name of a check",
      change((m) => m.renameConstraint("posts", "low", { to: "lower" })),
      Number.POSITIVE_INFINITY,
    ],
  ];

  it.each(cases)("%s", async (_, migration, since) => {
    const before = {
      page: await page(),
      columns: await rows("SELECT * FROM pragma_table_xinfo('posts')"),
    };
    const release = releaseOf(migration);
    await release.migrate();
    expect((await page()).join() === before.page.join()).toBe(minor >= since);
    expect(await rows("SELECT * FROM posts")).toEqual(["1 one 1", "2 null 2"]);
    expect(await rows("PRAGMA integrity_check")).toEqual(["ok"]);
    await release.rollback("main", 1);
    expect(await rows("SELECT * FROM pragma_table_xinfo('posts')")).toEqual(before.columns);
  });

  it("says which row does not fit as a write would", async () => {
    expect(
      await failure(change((m) => m.alterTable("posts", (t) => t.setNotNull("title")))),
    ).toContain("NOT NULL constraint failed: posts.title");
    expect(
      await failure(change((m) => m.createConstraint("posts", "k", { check: "score > 1" }))),
    ).toContain("CHECK constraint failed: k");
    expect(await rows("SELECT * FROM posts")).toEqual(["1 one 1", "2 null 2"]);
  });
});

describe("a column that a trigger needs", () => {
  const dropInSql = 'ALTER TABLE posts DROP COLUMN "title"';
  const dropInTypescript: MigrationDefinition = {
    up: (m) => m.alterTable("posts", (t) => t.remove("title")),
    down: () => undefined,
  };
  const cases: readonly (readonly [trigger: string, write: string, why: RegExp])[] = [
    [
      "AFTER INSERT ON log BEGIN UPDATE posts SET title = 'x'; END",
      "INSERT INTO log VALUES (1)",
      /no such column: title/,
    ],
    [
      "AFTER DELETE ON log BEGIN INSERT INTO posts (title) VALUES (1); END",
      "DELETE FROM log",
      /no column named title/,
    ],
    [
      "BEFORE UPDATE ON log BEGIN INSERT INTO posts VALUES (1, 2, 3); END",
      "UPDATE log SET x = 1",
      /3 values were supplied/,
    ],
    [
      "INSTEAD OF INSERT ON shown BEGIN INSERT INTO posts (title) VALUES (new.id); END",
      "INSERT INTO shown VALUES (1)",
      /no column named title/,
    ],
    [
      "AFTER UPDATE OF title ON posts BEGIN INSERT INTO log VALUES (1); END",
      "UPDATE posts SET score = 1",
      /fires at an update of title/,
    ],
  ];

  beforeEach(async () => {
    await database.query("CREATE TABLE posts (id INTEGER, title TEXT, score INTEGER)");
    await database.query("CREATE TABLE log (x)");
    await database.query("CREATE VIEW shown AS SELECT id FROM posts");
    await database.query(
      "CREATE TRIGGER other AFTER INSERT ON log BEGIN UPDATE posts SET score = 2; END",
    );
  });

  it.each(
    cases.flatMap((one) => [
      ["in SQL", dropInSql, ...one] as const,
      ["in TypeScript", dropInTypescript, ...one] as const,
    ]),
  )("%s stays: %s %s", async (_, migration, trigger, write, why) => {
    await database.query(`CREATE TRIGGER "my trigger" ${trigger}`);
    const message = await failure(migration);
    expect(message).toContain("trigger my trigger (");
    expect(message).toMatch(why);
    expect(await rows("SELECT name FROM pragma_table_info('posts')")).toEqual([
      "id",
      "title",
      "score",
    ]);
    await database.query(write);
    await database.query('DROP TRIGGER "my trigger"');
    expect(await failure(migration)).toBe("it was done");
    await database.query(write.replace("INTO shown", "INTO log"));
  });

  it("goes where no trigger needs it, also beside one that was broken before", async () => {
    await database.query(
      "CREATE TRIGGER broken AFTER DELETE ON log BEGIN INSERT INTO posts (nope) VALUES (1); END",
    );
    expect(await failure(dropInSql)).toBe("it was done");
    expect(await rows("SELECT name FROM pragma_table_info('posts')")).toEqual(["id", "score"]);
  });
});
