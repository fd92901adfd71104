/** What `check` says of MySQL's statements is what a MariaDB does: refusals, and the way of each change. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../src/check/check-files.ts";
import { wordParser } from "../../src/core/safety/effects/by-words.ts";
import { saysHow, tableChange } from "../../src/core/sql/mysql-table-change.ts";
import { splitStatements } from "../../src/core/sql/statements.ts";
import { freshMysql, type MysqlDatabase, mariadbOfRun } from "../support/mysql.ts";
import * as hotel from "./sweep/mysql-refusals.ts";
import * as museum from "./sweep/mysql-refusals-again.ts";
import * as buses from "./sweep/mysql-refusals-third.ts";

type Way = "fails" | "instant" | "rebuild" | "shared" | "copy" | "values";

const ruleOf: { readonly [rule: string]: Way } = {
  "will-fail": "fails",
  "mysql-table-rebuild": "rebuild",
  "mysql-inplace-blocks-writes": "shared",
  "mysql-copy-blocks-writes": "copy",
  "mariadb-copy-blocks-writes": "copy",
};

function rules(text: string, schema?: string): readonly string[] {
  return checkFiles([{ name: "a.sql", text }], {
    ...{ parser: wordParser("mysql"), dialect: "mysql", inTransaction: false, policy: true },
    schema: schema === undefined ? undefined : { name: "s.sql", text: schema },
  }).findings.map(({ rule }) => rule);
}

function foretold(schema: string, sql: string): string {
  return [...new Set(rules(sql, schema).map((rule) => ruleOf[rule] ?? rule))].join() || "instant";
}

/** Statements of which MariaDB does something else, and why `check` leaves it at that. */
const otherwise: readonly string[] = [
  // MariaDB makes a foreign key of it, and MySQL before 9 nothing.
  "ALTER TABLE room ADD COLUMN guest_id int unsigned NULL REFERENCES guest (id)",
  // Three changes, of which each alone would need no copy.
  "ALTER TABLE guest DROP COLUMN per_visit, DROP COLUMN visits, DROP CONSTRAINT spent_visits",
  // MySQL takes the column out of the key.
  "ALTER TABLE tag DROP COLUMN word",
  // Whether char and varchar are one another by the catalog alone, the row format says.
  "ALTER TABLE stay MODIFY token varchar(32) CHARACTER SET latin1 NULL",
  // MySQL lets a text grow that a foreign key joins.
  "ALTER TABLE bus MODIFY plate varchar(20) NOT NULL",
  // MySQL copies, also where another unique key could stand in.
  "ALTER TABLE hanging DROP PRIMARY KEY",
];

describe("of a database that may have more than the files say, nothing is certain", () => {
  it.each([
    [
      "a table that no file made",
      "ALTER TABLE t DROP a; INSERT INTO t (b) VALUES (1); DROP TABLE t",
    ],
    ["one that may have been there", "CREATE TABLE IF NOT EXISTS t (a int); ALTER TABLE t DROP b"],
    ["one that was made like another", "CREATE TABLE t LIKE u; ALTER TABLE t DROP b"],
    [
      "a temporary table, a view",
      "CREATE TEMPORARY TABLE t (a int); CREATE VIEW v AS SELECT 1; ALTER TABLE t DROP b; INSERT INTO v (b) VALUES (1)",
    ],
    ["what a procedure may have done", "CREATE TABLE t (a int); CALL p(); ALTER TABLE t DROP b"],
    ["another database", "CREATE TABLE t (a int); ALTER TABLE d.t DROP b"],
    [
      "a key whose parent is not known",
      "CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (b)); ALTER TABLE t MODIFY a int NOT NULL",
    ],
    [
      "keys that the file does not ask for",
      "SET foreign_key_checks = 0; CREATE TABLE u (a int PRIMARY KEY); CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (a)); DROP TABLE u",
    ],
    [
      "columns that swap their names",
      "CREATE TABLE t (a int, b int); ALTER TABLE t RENAME COLUMN a TO b, RENAME COLUMN b TO a; ALTER TABLE t DROP a",
    ],
    [
      "a parent's column with another name",
      "CREATE TABLE u (a int PRIMARY KEY); CREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (a)); ALTER TABLE u RENAME COLUMN a TO b; ALTER TABLE t RENAME COLUMN a TO c; ALTER TABLE t ADD FOREIGN KEY (c) REFERENCES u (b)",
    ],
  ])("%s", (_, sql) => {
    expect(rules(sql).filter((rule) => rule === "will-fail")).toEqual([]);
  });
});

it("says why", () => {
  const { findings } = checkFiles(
    [
      {
        name: "a.sql",
        text: "CREATE TABLE u (a int PRIMARY KEY);\nCREATE TABLE t (a int, FOREIGN KEY (a) REFERENCES u (a));\nDROP TABLE u;",
      },
    ],
    { parser: wordParser("mysql"), dialect: "mysql", inTransaction: false, policy: false },
  );
  expect(findings.map(({ line, message }) => [line, message])).toEqual([
    [3, "it is certain to fail: a foreign key of t refers to u"],
  ]);
});

const server = await mariadbOfRun();

describe.skipIf(server === undefined)("MariaDB", () => {
  const ways = [
    ["instant", "ALGORITHM=INSTANT"],
    ["instant", "ALGORITHM=NOCOPY, LOCK=NONE"],
    ["rebuild", "ALGORITHM=INPLACE, LOCK=NONE"],
    ["shared", "ALGORITHM=INPLACE, LOCK=SHARED"],
    ["copy", ""],
  ] as const;

  async function failure(database: MysqlDatabase, sql: string): Promise<number | undefined> {
    return database.query(sql).then(
      () => undefined,
      ({ errno }: { errno?: number }) => errno ?? 0,
    );
  }

  async function seenOf(database: MysqlDatabase, sql: string): Promise<Way> {
    const change = tableChange(sql);
    // A value that does not fit is one of these rows.
    const ended = (errno: number) => (errno === 1265 ? "values" : "fails");
    if (change === undefined || change.kind === "create_table" || saysHow(change)) {
      const errno = await failure(database, sql);
      return errno === undefined ? "instant" : ended(errno);
    }
    const [head, rest] = [sql.slice(0, change.nameEnd), sql.slice(change.nameEnd)];
    for (const [way, words] of ways) {
      const asked =
        change.kind === "index" ? `${sql} ${words.replace(",", "")}` : `${head} ${words}, ${rest}`;
      const errno = await failure(database, words === "" ? sql : asked);
      if (errno === undefined) return way;
      if (errno !== 1845 && errno !== 1846) return ended(errno);
    }
    return "copy";
  }

  it.each([
    ["a hotel", hotel.hotel, hotel.statements],
    ["a museum", museum.museum, museum.statements],
    ["buses", buses.buses, buses.statements],
  ] as const)(
    "does so with statements on %s",
    { timeout: 300_000 },
    async (_, schema, statements) => {
      const wrong: string[] = [];
      const made = splitStatements(schema, "mysql");
      for (const sql of statements.filter((one) => !/PARTITION BY/.test(one))) {
        const database = await freshMysql(server!.url);
        try {
          for (const one of made) await database.query(one.sql);
          const seen = await seenOf(database, sql);
          const isRight = seen === "values" || seen === foretold(schema, sql);
          if (isRight === otherwise.includes(sql)) wrong.push(`${sql}: ${seen}`);
        } finally {
          await database.dispose();
        }
      }
      expect(wrong).toEqual([]);
    },
  );
});
