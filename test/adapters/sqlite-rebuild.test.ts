import { DatabaseSync } from "node:sqlite";
import { describe, expect, it, test } from "vitest";
import { sqliteDialect } from "../../src/adapters/sqlite/dialect.ts";
import type { SqliteProcedure } from "../../src/adapters/sqlite/procedures/procedure.ts";
import { runProcedure } from "../../src/adapters/sqlite/procedures/run-procedure.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import type { ColumnChange } from "../../src/core/language/table-parts.ts";

/** A database with everything that a rebuild could lose. */
function blog(): DatabaseSync {
  const db = new DatabaseSync(":memory:", { defensive: false });
  db.exec(`
    CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE posts (
      id INTEGER PRIMARY KEY AUTOINCREMENT, -- the key
      "title" TEXT NOT NULL DEFAULT 'it''s, (new)' COLLATE NOCASE CHECK (length(title) < 100),
      score VARCHAR(10),
      loud TEXT GENERATED ALWAYS AS (upper(title)) VIRTUAL,
      author_id INTEGER CONSTRAINT posts_author REFERENCES users (id) ON DELETE SET NULL DEFERRABLE INITIALLY DEFERRED,
      parent_id INTEGER REFERENCES posts ON DELETE RESTRICT,
      CONSTRAINT score_and_title UNIQUE (score, title) ON CONFLICT ABORT
      CHECK (score <> 'never')
    );
    CREATE TABLE comments (id INTEGER PRIMARY KEY, post_id INTEGER NOT NULL REFERENCES posts ON DELETE CASCADE, text TEXT);
    CREATE TABLE log (line TEXT);
    CREATE UNIQUE INDEX posts_title ON posts (title DESC) WHERE score IS NOT NULL;
    CREATE INDEX posts_author ON posts (author_id);
    CREATE INDEX posts_lower ON posts (lower(title));
    CREATE TRIGGER posts_log AFTER INSERT ON posts BEGIN INSERT INTO log VALUES ('new ' || NEW.title); END;
    CREATE TRIGGER comments_log AFTER DELETE ON comments BEGIN INSERT INTO log SELECT 'gone ' || title FROM posts; END;
    CREATE VIEW titles AS SELECT p.title, u.name FROM posts p LEFT JOIN users u ON u.id = p.author_id;
    INSERT INTO users VALUES (1, 'ann');
    INSERT INTO posts (id, title, score, author_id, parent_id) VALUES (1, 'a', '12', 1, NULL), (5, 'b', '7', NULL, 1), (9, 'c', NULL, 1, 5), (40, 'd', '1', 1, 1);
    INSERT INTO comments VALUES (1, 1, 'x'), (2, 5, 'y'), (3, 9, 'z');
    DELETE FROM posts WHERE id = 40;
    ANALYZE;
  `);
  return db;
}

const all = (db: DatabaseSync, sql: string) =>
  db
    .prepare(sql)
    .all()
    .map((row) => ({ ...row }));
const texts = (db: DatabaseSync, where: string) =>
  all(
    db,
    `SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND ${where} ORDER BY name, type`,
  );
const rows = "SELECT rowid AS r, id, title, loud, author_id, parent_id FROM posts";

function run(db: DatabaseSync, ...operations: readonly SchemaOperation[]): void {
  for (const { sql, procedure } of operations.flatMap((op) => sqliteDialect.compile(op))) {
    if (procedure === undefined) db.exec(sql);
    else runProcedure(db, procedure as SqliteProcedure);
  }
}

const posts = { name: "posts" };
const alter = (...changes: readonly ColumnChange[]): SchemaOperation => ({
  kind: "alter_table",
  table: posts,
  changes,
});
const nothing = alter({ kind: "modify_column", column: { name: "score", type: "VARCHAR(10)" } });

describe.each(["inside a transaction", "outside of one"])("a rebuild %s", (where) => {
  const within = (db: DatabaseSync, body: () => void) => {
    if (where === "inside a transaction") db.exec("BEGIN IMMEDIATE");
    body();
    if (db.isTransaction) db.exec("COMMIT");
  };

  test("keeps everything that it does not change", () => {
    const db = blog();
    const facts = () => ({
      rows: all(db, rows),
      others: texts(db, "tbl_name <> 'posts' OR type <> 'table'"),
      columns: all(db, "SELECT * FROM pragma_table_xinfo('posts')"),
      keys: all(db, "SELECT * FROM pragma_foreign_key_list('posts')"),
      children: all(db, "SELECT * FROM comments"),
      counter: all(db, "SELECT * FROM sqlite_sequence"),
      statistics: all(db, "SELECT * FROM sqlite_stat1 ORDER BY idx"),
      log: all(db, "SELECT * FROM log"),
      view: all(db, "SELECT * FROM titles"),
    });
    const before = facts();
    within(db, () => run(db, nothing));
    expect(facts()).toEqual(before);
    expect(all(db, "PRAGMA foreign_key_check")).toEqual([]);
    expect(all(db, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
    expect(all(db, "PRAGMA writable_schema")).toEqual([{ writable_schema: 0 }]);
    expect(all(db, "PRAGMA legacy_alter_table")).toEqual([{ legacy_alter_table: 0 }]);
  });

  test("leaves keys, triggers and the counter at work", () => {
    const db = blog();
    within(db, () => run(db, nothing));
    expect(() => db.exec("INSERT INTO comments VALUES (9, 77, '')")).toThrow("FOREIGN KEY");
    db.exec("INSERT INTO posts (title) VALUES ('e')");
    expect(all(db, "SELECT max(id) AS id FROM posts")).toEqual([{ id: 41 }]);
    db.exec("UPDATE posts SET parent_id = NULL; DELETE FROM posts WHERE id = 5");
    expect(all(db, "SELECT id FROM comments")).toEqual([{ id: 1 }, { id: 3 }]);
    expect(all(db, "SELECT line FROM log WHERE line IN ('new e', 'gone a')")).toEqual([
      { line: "new e" },
      { line: "gone a" },
    ]);
  });

  test("that fails changes nothing and lets the transaction go on", () => {
    const db = blog();
    const before = [texts(db, "1"), all(db, rows)];
    within(db, () => {
      expect(() => run(db, alter({ kind: "set_not_null", name: "score" }))).toThrow(
        "NOT NULL constraint failed: posts.score",
      );
      expect([texts(db, "1"), all(db, rows)]).toEqual(before);
      db.exec("INSERT INTO log VALUES ('on')");
    });
    expect([texts(db, "1"), all(db, rows)]).toEqual(before);
    expect(all(db, "SELECT line FROM log WHERE line = 'on'")).toHaveLength(1);
  });
});

test("a rollback brings the old table back", () => {
  const db = blog();
  const before = [texts(db, "1"), all(db, rows), all(db, "SELECT * FROM sqlite_sequence")];
  db.exec("BEGIN IMMEDIATE");
  run(db, alter({ kind: "drop_not_null", name: "title" }));
  expect([texts(db, "1"), all(db, rows)]).not.toEqual(before.slice(0, 2));
  db.exec("ROLLBACK");
  expect([texts(db, "1"), all(db, rows), all(db, "SELECT * FROM sqlite_sequence")]).toEqual(before);
  expect(() => db.exec("INSERT INTO comments VALUES (9, 77, '')")).toThrow("FOREIGN KEY");
});

describe("changes", () => {
  const columns = (db: DatabaseSync) =>
    all(
      db,
      `SELECT name, type, "notnull" AS required, dflt_value AS value FROM pragma_table_xinfo('posts')`,
    );
  const column = (db: DatabaseSync, name: string) =>
    columns(db).find((found) => found.name === name);

  it("restates a column, converting its values", () => {
    const db = blog();
    run(
      db,
      alter({
        kind: "modify_column",
        column: { name: "score", type: "integer", null: true, default: 3 },
      }),
    );
    expect(column(db, "score")).toEqual({
      name: "score",
      type: "INTEGER",
      required: 0,
      value: "3",
    });
    expect(all(db, "SELECT typeof(score) AS type FROM posts WHERE id = 1")).toEqual([
      { type: "integer" },
    ]);
  });

  it("sets and drops defaults and not null, and leaves collation and checks alone", () => {
    const db = blog();
    run(
      db,
      alter({ kind: "drop_default", name: "title" }, { kind: "drop_not_null", name: "TITLE" }),
    );
    expect(column(db, "title")).toEqual({ name: "title", type: "TEXT", required: 0, value: null });
    run(
      db,
      alter(
        { kind: "set_default", name: "title", default: "x" },
        { kind: "set_not_null", name: "title" },
      ),
    );
    expect(column(db, "title")).toEqual({ name: "title", type: "TEXT", required: 1, value: "'x'" });
    expect(all(db, "SELECT id FROM posts WHERE title = 'A'")).toEqual([{ id: 1 }]);
    expect(() => db.exec("UPDATE posts SET title = printf('%101s', 'x') WHERE id = 1")).toThrow(
      "CHECK",
    );
  });

  it("sets a type with an expression", () => {
    const db = blog();
    run(
      db,
      alter({ kind: "set_type", to: { name: "score", type: "integer", using: "score * 100" } }),
    );
    expect(all(db, "SELECT score FROM posts ORDER BY id")).toEqual([
      { score: 1200 },
      { score: 700 },
      { score: null },
    ]);
  });

  it("removes a column with its constraints, checks and indexes", () => {
    const db = blog();
    db.exec("DROP VIEW titles; DROP INDEX posts_title");
    run(
      db,
      alter({ kind: "remove_column", name: "author_id" }, { kind: "remove_column", name: "score" }),
    );
    expect(columns(db).map(({ name }) => name)).toEqual(["id", "title", "loud", "parent_id"]);
    expect(texts(db, "type = 'index'").map(({ name }) => name)).toEqual(["posts_lower"]);
    expect(all(db, "SELECT id, title, loud FROM posts WHERE id = 5")).toEqual([
      { id: 5, title: "b", loud: "B" },
    ]);
  });

  it("adds columns whose default is an expression, and none that is there already", () => {
    const db = blog();
    const now = { kind: "fragment", sql: "CURRENT_TIMESTAMP" } as const;
    const at = { name: "at", type: "utc_datetime", null: false, default: now };
    const title = { name: "title", type: "text" };
    run(
      db,
      alter(
        { kind: "add_column", column: at },
        { kind: "add_column", column: title, ifNotExists: true },
      ),
    );
    expect(all(db, "SELECT count(*) AS dated FROM posts WHERE at LIKE '____-__-__ %'")).toEqual([
      { dated: 3 },
    ]);
    expect(columns(db).map(({ name }) => name)).toEqual([
      "id",
      "title",
      "score",
      "loud",
      "author_id",
      "parent_id",
      "at",
    ]);
  });

  it("adds and replaces composite foreign keys", () => {
    const db = blog();
    db.exec("CREATE TABLE teams (a, b, PRIMARY KEY (a, b)); INSERT INTO teams VALUES (1, '12')");
    const references = {
      name: "team",
      table: { name: "teams" },
      column: "a",
      with: { score: "b" },
    };
    run(db, alter({ kind: "add_column", column: { name: "team", type: "integer", references } }));
    db.exec("UPDATE posts SET team = 1 WHERE id = 1");
    expect(() => db.exec("UPDATE posts SET team = 1 WHERE id = 5")).toThrow("FOREIGN KEY");
    const was = { name: "team", type: "integer", references };
    run(db, alter({ kind: "modify_column", column: { name: "team", type: "integer" }, was }));
    db.exec("UPDATE posts SET team = 1 WHERE id = 5");
  });

  it("adds, renames and drops constraints", () => {
    const db = blog();
    const check = { kind: "check", name: "short", expression: "length(score) < 3" } as const;
    const tooLong = "UPDATE posts SET score = '900' WHERE id = 1";
    run(db, { kind: "create_constraint", table: posts, constraint: check });
    expect(() => db.exec(tooLong)).toThrow("CHECK constraint failed: short");
    run(db, { kind: "rename_constraint", table: posts, constraint: "short", to: "low" });
    expect(() => db.exec(tooLong)).toThrow("CHECK constraint failed: low");
    run(db, { kind: "drop_constraint", table: posts, name: "low" });
    db.exec(tooLong);
    run(db, { kind: "drop_constraint", table: posts, name: "posts_author" });
    expect(all(db, `SELECT "table" FROM pragma_foreign_key_list('posts')`)).toEqual([
      { table: "posts" },
    ]);
  });

  it("a foreign key that rows break is refused, and one that was broken before is not", () => {
    const db = blog();
    const to = { columns: ["score"], references: { table: { name: "users" }, columns: ["id"] } };
    const key = { kind: "foreign_key", name: "k", ...to } as const;
    expect(() => run(db, { kind: "create_constraint", table: posts, constraint: key })).toThrow(
      "foreign keys would be broken: rows of posts refer to rows of users that are not there (2 times)",
    );
    db.exec("PRAGMA foreign_keys = OFF; UPDATE posts SET author_id = 33; PRAGMA foreign_keys = ON");
    run(db, nothing);
  });
});

it("says the name of the table as it is", () => {
  const db = new DatabaseSync(":memory:", { defensive: false });
  db.exec('CREATE TABLE "a$$b" (c, d DEFAULT (1)); INSERT INTO "a$$b" VALUES (1, NULL)');
  const table = { name: "a$$b" };
  const column = { name: "d", type: "INTEGER", null: false } as const;
  const changes = [{ kind: "modify_column", column }] as const;
  expect(() => run(db, { kind: "alter_table", table, changes })).toThrow("a$$b.d");
});

describe("is refused", () => {
  const cases: [string, SchemaOperation, string][] = [
    [
      "a missing table",
      { ...nothing, table: { name: "nope" } } as SchemaOperation,
      "no such table: nope",
    ],
    [
      "a missing column",
      alter({ kind: "set_not_null", name: "nope" }),
      "table posts has no column nope",
    ],
    [
      "a missing constraint",
      { kind: "drop_constraint", table: posts, name: "nope" },
      "table posts has no constraint nope",
    ],
    [
      "removing a column of a view",
      alter({ kind: "remove_column", name: "author_id" }),
      "error in view titles: no such column: p.author_id",
    ],
    [
      "removing a column that an expression uses",
      alter({ kind: "remove_column", name: "score" }),
      "no such column: score",
    ],
    [
      "removing the key that others refer to",
      alter({ kind: "remove_column", name: "id" }),
      "foreign keys would be broken: foreign key mismatch",
    ],
    [
      "dropping a table that others refer to",
      { kind: "drop_table", table: { name: "users" } },
      "cannot drop table users: foreign keys of posts refer to it",
    ],
  ];
  it.each(cases)("%s", (_, op, message) => {
    const db = blog();
    const before = [texts(db, "1"), all(db, rows)];
    expect(() => run(db, op)).toThrow(message);
    expect([texts(db, "1"), all(db, rows)]).toEqual(before);
  });
});

describe("other kinds of tables", () => {
  const cases: [string, string, string][] = [
    [
      "rowids that are no column",
      "CREATE TABLE posts (a TEXT, score)",
      "SELECT rowid, * FROM posts",
    ],
    [
      "a column that is called rowid",
      "CREATE TABLE posts (rowid TEXT, score)",
      "SELECT _rowid_, * FROM posts",
    ],
    [
      "WITHOUT ROWID",
      "CREATE TABLE posts (a TEXT PRIMARY KEY, score) WITHOUT ROWID",
      "SELECT * FROM posts",
    ],
    ["STRICT", "CREATE TABLE [posts] (a TEXT, score INT) STRICT", "SELECT rowid, * FROM posts"],
    [
      "no types and odd names",
      'CREATE TABLE "posts"("a,(b"""  , `score` , [c d] DEFAULT -1.5e3, e AS (score) STORED)',
      "SELECT rowid, * FROM posts",
    ],
  ];
  it.each(cases)("keep their rows: %s", (_, sql, select) => {
    const db = new DatabaseSync(":memory:", { defensive: false });
    db.exec(sql);
    const [first] = all(db, "SELECT name FROM pragma_table_info('posts')");
    db.exec(
      `INSERT INTO posts ("${String(first?.name).replaceAll('"', '""')}", score) VALUES ('a', 1), ('b', 2), ('c', 3)`,
    );
    db.exec("DELETE FROM posts WHERE score = 1");
    const [before, options] = [
      all(db, select),
      all(db, "SELECT wr, strict FROM pragma_table_list('posts')"),
    ];
    run(db, alter({ kind: "set_default", name: "score", default: 4 }));
    expect(all(db, select)).toEqual(before);
    expect(all(db, "SELECT wr, strict FROM pragma_table_list('posts')")).toEqual(options);
    expect(all(db, "PRAGMA integrity_check")).toEqual([{ integrity_check: "ok" }]);
  });

  it("a virtual table has no columns to change", () => {
    const db = new DatabaseSync(":memory:", { defensive: false });
    db.exec("CREATE VIRTUAL TABLE posts USING fts5 (score)");
    expect(() => run(db, nothing)).toThrow("cannot be read");
  });
});

test("an index is renamed with all of its parts", () => {
  const db = blog();
  run(db, { kind: "rename_index", table: posts, index: "posts_title", to: 'odd "name"' });
  expect(texts(db, "name LIKE 'odd%'")).toEqual([
    {
      type: "index",
      name: 'odd "name"',
      sql: 'CREATE UNIQUE INDEX "odd ""name""" ON posts (title DESC) WHERE score IS NOT NULL',
    },
  ]);
});

test("a view that is replaced keeps its triggers", () => {
  const db = blog();
  db.exec(
    "CREATE TRIGGER add_title INSTEAD OF INSERT ON titles BEGIN INSERT INTO log VALUES (NEW.title); END",
  );
  run(db, {
    kind: "create_view",
    view: { name: "titles" },
    definition: { as: "SELECT title FROM posts" },
    orReplace: true,
  });
  db.exec("INSERT INTO titles VALUES ('through')");
  expect(all(db, "SELECT line FROM log WHERE line = 'through'")).toHaveLength(1);
});
