import { describe, expect, onTestFinished, test } from "vitest";
import type { SqliteDatabase } from "../../src/adapters/sqlite/driver.ts";
import { nodeSqlite } from "../../src/adapters/sqlite/node-sqlite.ts";
import { openTrial } from "../../src/shadow/sqlite/trial-database.ts";
import { TrialSchema } from "../../src/shadow/sqlite/trial-schema.ts";

async function trial(): Promise<SqliteDatabase> {
  const db = openTrial(await nodeSqlite());
  onTestFinished(() => db.close());
  return db;
}

/** What a first look at all of it sees. */
function afresh(db: SqliteDatabase) {
  const seen = new TrialSchema(db);
  seen.look();
  return { tables: namesOf(seen), broken: [...seen.broken.keys()].toSorted() };
}

function namesOf({ tables }: TrialSchema): readonly string[] {
  return [...tables.keys()].toSorted();
}

describe("what a trial has seen", () => {
  const statements = [
    "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT)",
    "CREATE TABLE IF NOT EXISTS authors (id INTEGER)",
    "CREATE TABLE books (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors, shelf INTEGER REFERENCES shelves)",
    "CREATE VIEW titles AS SELECT id FROM books",
    "CREATE VIEW lost AS SELECT * FROM nowhere",
    "CREATE TABLE shelves (id INTEGER PRIMARY KEY)",
    "CREATE TABLE nowhere (id INTEGER DEFAULT (nobody()))",
    "CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT)",
    "CREATE INDEX books_author ON books (author)",
    "CREATE TRIGGER copies AFTER INSERT ON books BEGIN INSERT INTO copies VALUES (new.id); END",
    "INSERT INTO authors (name) VALUES ('x')",
    "CREATE TABLE copies (id INTEGER)",
    "CREATE TEMP TABLE passing (id INTEGER)",
    "ALTER TABLE copies RENAME TO duplicates",
    "DROP TABLE authors",
    "CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT)",
    "DROP VIEW titles",
    "PRAGMA foreign_keys = OFF",
    "DROP TABLE shelves",
    "ALTER TABLE duplicates RENAME TO copies",
  ];

  test("behind each statement it is what a first look at everything sees", async () => {
    const db = await trial();
    const seen = new TrialSchema(db);
    for (const sql of [...statements, ...statements]) {
      try {
        db.exec(sql);
      } catch {
        seen.mistrust();
      }
      seen.look(sql);
      const now = { tables: namesOf(seen), broken: [...seen.broken.keys()].toSorted() };
      expect(now, sql).toEqual(afresh(db));
    }
    expect(seen.broken.size).toBeGreaterThan(0);
  });

  test("a table is older when it was there before the run, also when the run made it anew", async () => {
    const db = await trial();
    const seen = new TrialSchema(db);
    const run = (sql: string) => {
      db.exec(sql);
      seen.look(sql);
    };
    run("CREATE TABLE old (id INTEGER)");
    expect(seen.isOlder("old")).toBe(false);
    seen.beginRun();
    expect(seen.isOlder("old")).toBe(true);
    run("CREATE TABLE fresh (id INTEGER)");
    run("DROP TABLE old");
    expect(seen.isOlder("old")).toBe(false);
    run("ALTER TABLE fresh RENAME TO old");
    expect([seen.isOlder("old"), seen.isOlder("fresh")]).toEqual([true, false]);
  });

  test("of a thousand tables each is read once", async () => {
    const db = await trial();
    let read = 0;
    const prepare = db.prepare.bind(db);
    db.prepare = (sql) => {
      const statement = prepare(sql);
      const all = statement.all.bind(statement);
      return Object.assign(statement, {
        all: (...values: Parameters<typeof all>) => {
          const rows = all(...values);
          read += rows.length;
          return rows;
        },
      });
    };
    const seen = new TrialSchema(db);
    for (let i = 0; i < 1000; i++) {
      const sql = `CREATE TABLE t${i} (id INTEGER)`;
      db.exec(sql);
      seen.look(sql);
    }
    expect([seen.tables.size, read]).toEqual([1000, 1000]);
  });
});
