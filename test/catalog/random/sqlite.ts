/** Schemas of SQLite that chance makes, with the same few names, so that two of them have much in common. */
import type { Chance } from "../../support/random.ts";

/** Statements that make one; some of them fail, because what they name is not there. */
export function randomSqliteSchema(chance: Chance): readonly string[] {
  const { one } = chance;
  const often = (sql: string) => (chance.below(3) === 0 ? [] : [sql]);
  const rarely = (sql: string) => (chance.below(3) === 0 ? [sql] : []);
  const tables = ["users", "posts", "tags"].filter(() => chance.below(5) > 0);
  return [
    ...tables.map((table) => tableOf(table, tables, chance)),
    ...rarely(`CREATE VIRTUAL TABLE found USING fts5(body)`),
    ...often(`CREATE INDEX posts_a ON posts (${one(["a", "a DESC", "a, b", "lower(a)", '"c"'])})`),
    ...rarely(
      `CREATE UNIQUE INDEX users_u ON users (${one(["a", "b COLLATE NOCASE", "id, a"])})${one(["", " WHERE a > 1", " where a is not null"])}`,
    ),
    ...rarely(`create index tags_i on tags (${one(["a", "b"])}, id)`),
    ...often(
      `CREATE VIEW seen${one(["", " (id)"])} AS SELECT ${one(["id", "id AS a", "max(id)"])} FROM ${one(["posts", "users"])}`,
    ),
    ...rarely(`CREATE VIEW above AS SELECT * FROM seen ${one(["", "LIMIT 5"])}`),
    ...rarely(
      `CREATE TRIGGER touched ${one(["AFTER INSERT", "BEFORE DELETE"])} ON ${one(["posts", "tags"])} BEGIN ${one(["DELETE FROM tags;", "UPDATE users SET a = 'x;y';"])} END`,
    ),
    ...rarely(
      "CREATE TRIGGER through INSTEAD OF INSERT ON seen BEGIN INSERT INTO tags (id) VALUES (1); END",
    ),
  ];
}

function tableOf(table: string, tables: readonly string[], chance: Chance): string {
  const { one } = chance;
  const rarely = (sql: string) => (chance.below(4) === 0 ? [sql] : []);
  const names = ["a", "b", "c", "order", "Mixed Case"].filter(() => chance.below(4) > 0);
  const id = one([
    "id integer primary key",
    '"id" INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL',
    "id INT NOT NULL PRIMARY KEY",
    "id TEXT",
    "id integer CONSTRAINT k PRIMARY KEY ON CONFLICT REPLACE",
    "id INTEGER PRIMARY KEY DESC",
  ]);
  const parts = [
    id,
    ...names.map((name) => `"${name}" ${columnOf(tables, chance)}`),
    ...(id === "id TEXT" ? ["PRIMARY KEY (id)"] : []),
    ...rarely(`UNIQUE (${one(["id", "a", "a, b"])})`),
    ...rarely(`CONSTRAINT big CHECK (${one(["id > 0", "a <> 'x'", "length(b) < 9"])})`),
    ...rarely(`CHECK (id <> ${one(["1", "2"])})`),
    ...rarely(
      `CONSTRAINT fk FOREIGN KEY (${one(["a", "b", "id"])}) REFERENCES ${one(tables)} (id)${one(["", " ON DELETE CASCADE", " ON UPDATE NO ACTION", " DEFERRABLE INITIALLY DEFERRED"])}`,
    ),
  ];
  const isKeyed = /PRIMARY KEY/i.test(parts.join(" "));
  const options = one(["", "", "", "", isKeyed && !/AUTOINC/.test(id) ? " WITHOUT ROWID" : ""]);
  return `CREATE TABLE ${one([table, `"${table}"`, `\`${table}\``])} (${parts.join(one([", ", ",\n  "]))}${one(["", "\n"])})${options}`;
}

function columnOf(tables: readonly string[], chance: Chance): string {
  const { one } = chance;
  return one([
    "text",
    "TEXT NOT NULL",
    "integer",
    "INTEGER DEFAULT 5",
    "integer not null default (5)",
    "varchar(10) COLLATE NOCASE",
    "REAL",
    "numeric(8, 2) DEFAULT -1.5",
    "TEXT DEFAULT 'it''s'",
    "text DEFAULT CURRENT_TIMESTAMP",
    "text NOT NULL DEFAULT (lower('X'))",
    "INTEGER UNIQUE",
    "TEXT CHECK (length(id) > 2)",
    `integer REFERENCES ${one(tables)} (id) ON DELETE SET NULL`,
    `integer REFERENCES ${one(tables)}`,
    "integer GENERATED ALWAYS AS (length(id)) VIRTUAL",
    "integer AS (length(id)) STORED",
    "",
    "BLOB",
    "DOUBLE PRECISION NULL",
  ]);
}
