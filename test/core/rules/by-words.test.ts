/** What is said of MySQL and SQLite: what is sure, and nothing else. */
import { describe, expect, it } from "vitest";
import { checkFiles } from "../../../src/check/check-files.ts";
import type { ColumnChange } from "../../../src/core/language/table-parts.ts";
import { type WordDialect, wordParser } from "../../../src/core/safety/effects/by-words.ts";
import { mysqlChanges } from "../../../src/core/safety/effects/mysql-change.ts";
import { tableChange } from "../../../src/core/sql/mysql-table-change.ts";

function found(text: string, dialect: WordDialect, inTransaction = false): readonly string[] {
  const parser = wordParser(dialect);
  const options = { parser, dialect, inTransaction, policy: true };
  return checkFiles([{ name: "a.sql", text }], options).findings.map(({ rule, line, tables }) =>
    `${line} ${rule} ${tables.join()}`.trim(),
  );
}

const copy = "1 mysql-copy-blocks-writes posts";
const shared = "1 mysql-inplace-blocks-writes posts";
const rebuild = "1 mysql-table-rebuild posts";

describe("MySQL", () => {
  it.each<[string, readonly string[]]>([
    ["ALTER TABLE posts ADD CONSTRAINT fk FOREIGN KEY (a) REFERENCES b (id)", [copy]],
    ["ALTER TABLE `posts` ADD FOREIGN KEY (a) REFERENCES b (id), ADD c int", [copy]],
    ["SET foreign_key_checks = 0; ALTER TABLE posts ADD FOREIGN KEY (a) REFERENCES b (id)", []],
    ["ALTER TABLE posts ADD CONSTRAINT `CHECK` CHECK (a > 0)", [copy]],
    ["ALTER TABLE posts ADD CHECK (a > 0) NOT ENFORCED", []],
    ["ALTER TABLE posts ADD c int AS (a + b) STORED", [copy]],
    ["ALTER TABLE posts ADD c int AS (a + b) VIRTUAL", []],
    ["ALTER TABLE posts ADD COLUMN c char(36) DEFAULT (uuid())", [copy]],
    ["ALTER TABLE posts ADD COLUMN c datetime DEFAULT CURRENT_TIMESTAMP", []],
    ["ALTER TABLE posts ADD COLUMN c text COMMENT 'STORED FULLTEXT', AUTO_INCREMENT = 5", []],
    ["ALTER TABLE posts DROP PRIMARY KEY", [copy]],
    ["ALTER TABLE posts DROP PRIMARY KEY, ADD PRIMARY KEY (b)", [rebuild]],
    ["ALTER TABLE posts ADD c bigint AUTO_INCREMENT UNIQUE", [shared]],
    ["ALTER TABLE posts ADD FULLTEXT KEY (body)", [shared]],
    ["CREATE FULLTEXT INDEX i ON posts (body)", [shared]],
    ["CREATE INDEX fulltext_i ON posts (body)", []],
    ["ALTER TABLE posts FORCE", [rebuild]],
    ["ALTER TABLE posts ADD FULLTEXT KEY (body), ADD CHECK (a > 0)", [copy]],
    ["ALTER TABLE posts MODIFY a bigint", []],
    ["ALTER TABLE posts ADD CHECK (a > 0), ALGORITHM = COPY, LOCK = SHARED", []],
    ["ALTER TABLE posts /*!80000 ADD CHECK (a > 0) */", []],
    ["CREATE TABLE posts (a int); ALTER TABLE `posts` ADD CHECK (a > 0)", []],
    ["CREATE TABLE IF NOT EXISTS posts (a int); ALTER TABLE posts ADD CHECK (a > 0)", []],
    ["ALTER TABLE old RENAME TO posts; ALTER TABLE posts ADD CHECK (a > 0)", []],
    ["ALTER TABLE blog.posts\n ADD CHECK (a > 0)", ["1 mysql-copy-blocks-writes blog.posts"]],
  ])("%s", (sql, expected) => {
    expect(found(sql, "mysql")).toEqual(expected);
  });

  it("takes an answer for the server's question too, so that none is idle", () => {
    const answer = '-- slipway: safe mysql-copy-blocks-writes "the window of March 3"\n';
    expect(found(`${answer}ALTER TABLE posts ADD CHECK (a > 0)`, "mysql")).toEqual([]);
    expect(found(`${answer}ALTER TABLE posts MODIFY a bigint`, "mysql")).toEqual([]);
  });

  it.each<[string, ColumnChange, readonly string[]]>([
    ["another type", modify("bigint", "integer"), ["copy"]],
    ["the same type", modify("utc_datetime", "naive_datetime"), []],
    ["a type that we do not know", modify("mediumint", "integer"), []],
    ["a shorter text", modify("string", "string", { size: 20 }), ["copy"]],
    ["a longer text", modify("string", "string", { size: 300 }), []],
    [
      "a text whose length needs a second byte",
      {
        kind: "set_type",
        to: { name: "c", type: "string", size: 70 },
        was: { name: "c", type: "string", size: 60 },
      },
      ["copy"],
    ],
    ["not null", modify("string", "string", { null: false }), ["rebuild"]],
    ["what it was is not said", { kind: "modify_column", column: column("bigint") }, []],
  ])("an operation: %s", (_, changeOf, ways) => {
    const sql = "ALTER TABLE posts MODIFY a x";
    const changes = mysqlChanges(sql, {
      change: tableChange(sql)!,
      table: "posts",
      operation: { kind: "alter_table", table: { name: "posts" }, changes: [changeOf] },
      checksKeys: true,
    });
    expect(changes.map(({ way }) => way)).toEqual(ways);
  });
});

describe("SQLite", () => {
  const sets = "PRAGMA foreign_keys = OFF";
  it.each<[string, boolean, readonly string[]]>([
    [sets, false, []],
    [sets, true, ["1 sqlite-pragma-in-transaction"]],
    ["PRAGMA main.foreign_keys(0)", true, ["1 sqlite-pragma-in-transaction"]],
    ["PRAGMA foreign_keys", true, []],
    ["PRAGMA defer_foreign_keys = ON", true, []],
    [`BEGIN;\n${sets};\nCOMMIT;\n${sets}`, false, ["2 sqlite-pragma-in-transaction"]],
    [`-- migrate:up\n${sets};`, false, []],
    [
      `-- slipway: transaction=true\n-- migrate:up\n${sets};`,
      false,
      ["3 sqlite-pragma-in-transaction"],
    ],
  ])("%s, in a transaction: %s", (sql, inTransaction, expected) => {
    expect(found(sql, "sqlite", inTransaction)).toEqual(expected);
  });
});

function column(type: string, more: object = {}) {
  return { name: "a", type, ...more };
}

function modify(to: string, was: string, more: object = {}): ColumnChange {
  return { kind: "modify_column", column: column(to, more), was: column(was) };
}
