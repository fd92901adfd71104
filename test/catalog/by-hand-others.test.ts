/** On MariaDB and SQLite: changes by hand, one of each kind of object and of each way to change one; nothing else is told. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { defineRelease } from "slipway";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Adapter } from "../../src/adapters/adapter.ts";
import { testDatabase } from "../support/databases.ts";
import { freshMysql, mariadbOfRun } from "../support/mysql.ts";

type Change = readonly [sql: string, line: string];
type Place = {
  readonly adapter: Adapter;
  query(sql: string): Promise<unknown>;
  dispose(): Promise<void>;
};

const mariadb = readFileSync(join(import.meta.dirname, "../fixtures/catalog/mariadb.sql"), "utf8");

const sqlite = `
CREATE TABLE authors (id INTEGER PRIMARY KEY, name TEXT NOT NULL DEFAULT 'x', born TEXT, CHECK (length(name) > 0));
CREATE TABLE articles (id INTEGER PRIMARY KEY, author INTEGER REFERENCES authors (id), body TEXT, n INTEGER);
CREATE TABLE bare (k TEXT PRIMARY KEY, v TEXT) WITHOUT ROWID;
CREATE INDEX articles_author ON articles (author);
CREATE UNIQUE INDEX authors_name ON authors (name);
CREATE INDEX some_articles ON articles (n) WHERE n > 0;
CREATE VIEW names AS SELECT name FROM authors;
CREATE VIEW of_names AS SELECT name FROM names;
CREATE TRIGGER on_change AFTER UPDATE ON authors BEGIN UPDATE articles SET n = n + 1; END;
CREATE TRIGGER on_view INSTEAD OF INSERT ON names BEGIN INSERT INTO authors (name) VALUES (new.name); END;
CREATE VIRTUAL TABLE found USING fts5(body);
`;

/** In this order, each accepted before the next one. */
const onMariadb: readonly Change[] = [
  ["ALTER TABLE articles ADD COLUMN n int", "~ table articles"],
  ["ALTER TABLE articles MODIFY n bigint", "~ table articles"],
  ["ALTER TABLE articles ALTER n SET DEFAULT 3", "~ table articles"],
  ["ALTER TABLE articles MODIFY n bigint NOT NULL DEFAULT 3", "~ table articles"],
  ["ALTER TABLE articles MODIFY n bigint NOT NULL DEFAULT 3 COMMENT 'new'", "~ table articles"],
  ["ALTER TABLE articles RENAME COLUMN n TO m", "~ table articles"],
  ["ALTER TABLE articles DROP COLUMN m", "~ table articles"],
  [
    "ALTER TABLE authors MODIFY name varchar(60) COLLATE utf8mb4_bin NOT NULL DEFAULT 'x'",
    "~ table authors",
  ],
  ["ALTER TABLE authors MODIFY kind enum('a', 'b', 'c') DEFAULT 'a'", "~ table authors"],
  [
    "ALTER TABLE authors MODIFY upper_name varchar(60) GENERATED ALWAYS AS (lower(name)) STORED",
    "~ table authors",
  ],
  ["ALTER TABLE authors MODIFY born date INVISIBLE", "~ table authors"],
  ["ALTER TABLE authors COMMENT = 'other'", "~ table authors"],
  ["ALTER TABLE authors ROW_FORMAT = COMPRESSED", "~ table authors"],
  ["ALTER TABLE authors DROP CONSTRAINT born_late", "~ table authors"],
  ["ALTER TABLE authors ADD CONSTRAINT late CHECK (born > '1901-01-01')", "~ table authors"],
  ["ALTER TABLE authors DROP INDEX authors_name", "~ table authors"],
  ["ALTER TABLE authors ADD UNIQUE KEY by_name (name, born)", "~ table authors"],
  ["ALTER TABLE articles DROP INDEX words", "~ table articles"],
  ["CREATE INDEX by_hand ON articles (body(10))", "~ table articles"],
  ["ALTER TABLE articles ALTER INDEX by_hand IGNORED", "~ table articles"],
  ["ALTER TABLE articles DROP FOREIGN KEY by_author", "~ table articles"],
  [
    "ALTER TABLE articles ADD CONSTRAINT other FOREIGN KEY (author) REFERENCES authors (id)",
    "~ table articles",
  ],
  [
    "ALTER TABLE articles MODIFY at timestamp NOT NULL DEFAULT current_timestamp()",
    "~ table articles",
  ],
  ["ALTER TABLE articles ADD SYSTEM VERSIONING", "~ table articles"],
  ["ALTER TABLE parted PARTITION BY KEY (id) PARTITIONS 3", "~ table parted"],
  ["ALTER TABLE parted REMOVE PARTITIONING", "~ table parted"],
  ["CREATE TABLE mine (id int PRIMARY KEY)", "+ table mine"],
  ["DROP TABLE mine", "- table mine"],
  ["CREATE SEQUENCE mine_too", "+ sequence mine_too"],
  ["ALTER SEQUENCE numbers INCREMENT BY 3", "~ sequence numbers"],
  ["DROP SEQUENCE mine_too", "- sequence mine_too"],
  [
    "CREATE OR REPLACE FUNCTION half(n int) RETURNS int DETERMINISTIC RETURN n / 3",
    "~ function half",
  ],
  ["CREATE FUNCTION twice(n int) RETURNS int DETERMINISTIC RETURN n * 2", "+ function twice"],
  ["CREATE OR REPLACE PROCEDURE touch_all(IN n int) SELECT 1", "~ procedure touch_all"],
  ["DROP PROCEDURE touch_all", "- procedure touch_all"],
  ["CREATE OR REPLACE VIEW a_first AS SELECT id + 1 AS id FROM zero", "~ view a_first"],
  ["DROP VIEW a_first", "- view a_first"],
  [
    "CREATE OR REPLACE TRIGGER on_change BEFORE UPDATE ON authors FOR EACH ROW SET NEW.note = 'z'",
    "~ trigger on_change",
  ],
  [
    "CREATE TRIGGER on_insert BEFORE INSERT ON authors FOR EACH ROW SET NEW.note = 'y'",
    "+ trigger on_insert",
  ],
  ["DROP TRIGGER on_insert", "- trigger on_insert"],
  ["ALTER EVENT nightly ON SCHEDULE EVERY 2 DAY STARTS '2026-01-01 03:00:00'", "~ event nightly"],
  ["DROP EVENT nightly", "- event nightly"],
];

const onSqlite: readonly Change[] = [
  ["ALTER TABLE articles ADD COLUMN m INTEGER", "~ table articles"],
  ["ALTER TABLE articles RENAME COLUMN m TO o", "~ table articles"],
  ["ALTER TABLE articles DROP COLUMN o", "~ table articles"],
  ["CREATE TABLE mine (id INTEGER PRIMARY KEY) STRICT", "+ table mine"],
  ["ALTER TABLE mine RENAME TO ours", "table ours"],
  ["DROP TABLE ours", "- table ours"],
  ["DROP TABLE bare; CREATE TABLE bare (k TEXT PRIMARY KEY, v TEXT)", "~ table bare"],
  ["CREATE INDEX by_hand ON articles (body COLLATE NOCASE)", "+ index by_hand"],
  ["DROP INDEX articles_author", "- index articles_author"],
  [
    "DROP INDEX some_articles; CREATE INDEX some_articles ON articles (n) WHERE n > 1",
    "~ index some_articles",
  ],
  ["DROP INDEX authors_name; CREATE INDEX authors_name ON authors (name)", "~ index authors_name"],
  ["DROP VIEW of_names", "- view of_names"],
  ["CREATE VIEW others AS SELECT 1 AS one", "+ view others"],
  ["DROP VIEW others; CREATE VIEW others AS SELECT 2 AS one", "~ view others"],
  ["DROP TRIGGER on_view", "- trigger on_view"],
  [
    "DROP TRIGGER on_change; CREATE TRIGGER on_change AFTER UPDATE ON authors BEGIN UPDATE articles SET n = n + 2; END",
    "~ trigger on_change",
  ],
  ["CREATE TRIGGER gone AFTER DELETE ON authors BEGIN SELECT 1; END", "+ trigger gone"],
];

const server = await mariadbOfRun();

describe.each([
  {
    name: "MariaDB",
    isHere: server !== undefined,
    changes: onMariadb,
    sql: mariadb,
    make: (): Promise<Place> => freshMysql(server?.url ?? ""),
  },
  {
    name: "SQLite",
    isHere: true,
    changes: onSqlite,
    sql: sqlite,
    make: (): Promise<Place> => testDatabase("sqlite"),
  },
])("on $name", ({ isHere, changes, sql, make }) => {
  let place: Place;
  beforeAll(async () => {
    if (!isHere) return;
    place = await make();
    await release().migrate();
  });
  afterAll(() => place?.dispose());

  const release = () =>
    defineRelease({
      app: "drift",
      repos: { main: { adapter: place.adapter, migrations: { "1_every_kind": sql }, safe: "off" } },
    }).using({ write: () => undefined, emit: () => undefined });
  const drift = async () => (await release().verifySchema())[0] ?? { drifted: [], told: [] };

  it.skipIf(!isHere)("nothing is told of a database that nobody touched", async () => {
    await expect(drift()).resolves.toMatchObject({ drifted: [], told: [] });
  });

  it.skipIf(!isHere).each(changes)("%s", async (change, line) => {
    for (const one of change.split(/; (?=CREATE)/)) await place.query(one);
    const { drifted, told } = await drift();
    await release().verifySchema({ accept: true });
    const lines = drifted.flatMap((one) => one.lines);
    expect(lines.join("\n")).toContain(line);
    expect(told).toEqual([]);
    expect(new Set(drifted.map(({ object }) => object.replace(/ (mine|ours)$/, ""))).size).toBe(1);
  });
});
