/** Of a database that may know more than the files, nothing is called certain that it could tell otherwise. */
import { expect, it } from "vitest";
import { checkFiles } from "../../src/check/check-files.ts";
import { parserFor } from "../../src/check/parser.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";
import { sqliteTrial } from "../../src/shadow/sqlite/trial.ts";

const parser = parserFor("sqlite", undefined, { sqlite: await sqliteTrial() })!;

function rules(text: string, schema?: string): readonly string[] {
  return checkFiles([{ name: "a.sql", text }], {
    ...{ parser, dialect: "sqlite", inTransaction: false, policy: false },
    schema: schema === undefined ? undefined : { name: "schema.sql", text: schema },
  }).findings.map(({ rule, line }) => `${line} ${rule}`);
}

const silent: readonly (readonly [claim: string, sql: string])[] = [
  ["a table that no file made", "ALTER TABLE t DROP COLUMN a;\nINSERT INTO t (b) VALUES (1);"],
  ["an index and a view of it", "CREATE INDEX i ON t (a);\nDROP INDEX i;\nDROP VIEW v;"],
  ["what was made of it", "CREATE TABLE u AS SELECT * FROM t;\nALTER TABLE u DROP COLUMN z;"],
  [
    "a table that may have been there",
    "CREATE TABLE IF NOT EXISTS t (a);\nALTER TABLE t DROP COLUMN b;",
  ],
  ["what another database has", "ATTACH 'x.db' AS x;\nCREATE TABLE t (a);\nDROP INDEX i;"],
  [
    "functions and collations of an extension",
    "CREATE TABLE t (a DEFAULT (mine()));\nCREATE INDEX i ON t (a COLLATE german);",
  ],
  ["the words of libSQL", "CREATE TABLE t (a);\nALTER TABLE t ALTER COLUMN a TO a TEXT;"],
  ["a transaction that the tool may have begun", "COMMIT;\nCREATE TABLE t (a);\nROLLBACK;"],
  [
    "parameters whose values are not known",
    "CREATE TABLE t (a NOT NULL);\nINSERT INTO t (a) VALUES (?);",
  ],
  [
    "rows that a trigger refuses by other rows",
    "CREATE TABLE o (id);\nCREATE TABLE log (a NOT NULL);\nCREATE TABLE t (a);\nCREATE TRIGGER g AFTER INSERT ON t BEGIN INSERT INTO log SELECT max(id) FROM o; END;\nINSERT INTO t VALUES (1);",
  ],
  ["lines for the command line", ".mode csv"],
  [
    "rows that never end",
    "CREATE TABLE t (a);\nWITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) INSERT INTO t SELECT i FROM n;",
  ],
];

it.each(silent)("says nothing of %s", (claim, sql) => {
  const found = rules(sql).filter((one) => one.endsWith("will-fail"));
  expect({ claim, found }).toEqual({ claim, found: [] });
});

it("knows what the files made, lost and called something else", () => {
  const sql =
    "CREATE TABLE t (a, b);\nALTER TABLE t RENAME TO u;\nALTER TABLE t DROP COLUMN a;\nALTER TABLE u DROP COLUMN c;";
  expect(rules(sql)).toEqual(["3 will-fail", "4 will-fail"]);
});

it("knows that a temporary table is gone with its connection, and that a parameter is in no definition", () => {
  const judged = (...texts: readonly string[]) =>
    judge(
      texts.map((text, i) => ({
        ...{ name: `${i}`, statements: parser.statements(text), inTransaction: true },
      })),
      { ...parser, server: { major: 18 }, policy: false, dialect: "sqlite", eachIsARun: true },
    ).filter(({ rule }) => rule === "will-fail");
  expect(judged("CREATE TEMP TABLE t (a);", "CREATE TEMP TABLE t (a);")).toEqual([]);
  expect(judged("CREATE TABLE t (a);", "CREATE TABLE t (a);")).toHaveLength(1);
  expect(judged("CREATE TABLE t (a);", "CREATE INDEX i ON t (?);")).toHaveLength(1);
});

it("takes a schema for all that is there", () => {
  expect(rules("DROP TABLE t;")).toEqual([]);
  expect(rules("DROP TABLE t;", "CREATE TABLE u (a);")).toEqual(["1 will-fail"]);
  expect(rules("DROP TABLE u;", "CREATE TABLE u (a);")).toEqual([]);
});

it("gives the words of the engine, and nothing that follows from them", () => {
  const { findings } = checkFiles(
    [
      {
        name: "a.sql",
        text: "CREATE TABLE t (a);\n\nALTER TABLE t ADD COLUMN a;\nCREATE INDEX i ON t (a);",
      },
    ],
    {
      ...{ parser, dialect: "sqlite", inTransaction: false, policy: false },
    },
  );
  expect(findings.map(({ line, message }) => [line, message.replace(/3[.\d]+/, "3")])).toEqual([
    [3, "it is certain to fail: SQLite 3 says: duplicate column name: a"],
  ]);
});

it("leaves the tables alone that the same run made", () => {
  expect(rules("CREATE TABLE t (a);\nALTER TABLE t ADD COLUMN b NOT NULL;")).toEqual([]);
  expect(rules("ALTER TABLE t ADD COLUMN b NOT NULL;", "CREATE TABLE t (a);")).toEqual([
    "1 sqlite-refuses-rows",
  ]);
});

it("bears a rebuild by hand, and says what it leaves broken", () => {
  const schema = "CREATE TABLE t (a);\nCREATE VIEW v AS SELECT a FROM t;";
  const rebuild = (columns: string) =>
    `CREATE TABLE new_t (${columns});\nINSERT INTO new_t SELECT * FROM t;\nDROP VIEW v;\nDROP TABLE t;\nALTER TABLE new_t RENAME TO t;\nCREATE VIEW v AS SELECT a FROM t;`;
  expect(rules(rebuild("a TEXT"), schema)).toEqual([]);
  expect(rules(rebuild("b TEXT"), schema)).toEqual(["6 sqlite-left-broken"]);
});
