import { expect, test } from "vitest";
import { InvalidSql } from "../../../src/core/sql/invalid-sql.ts";
import { readSections, readSettings, refuseTwoParts } from "../../../src/core/sql/sections.ts";
import type { SqlSyntax } from "../../../src/core/sql/token.ts";

const make = "create table t (a int);";
const drop = "drop table t;";

/** What the parts hold, without the empty lines that keep line numbers. */
function parts(text: string, syntax: SqlSyntax = "postgres") {
  const { up, down, settings } = readSections(text, syntax);
  return { up: up?.trim(), down: down?.trim(), ...settings };
}

function refusal(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof InvalidSql) return error.message;
    throw error;
  }
  return "nothing refused";
}

const styles: readonly [string, string, string][] = [
  ["Slipway and dbmate", "-- migrate:up", "-- migrate:down"],
  ["goose", "-- +goose Up", "-- +goose Down"],
  ["goose, without a space", "--+goose Up", "--+goose Down"],
  ["goose, in small letters as in its own pages", "-- +goose up", "-- +goose down"],
  ["sql-migrate", "-- +migrate Up", "-- +migrate Down"],
  ["micrate", "-- +micrate Up", "-- +micrate Down"],
  ["node-pg-migrate", "-- Up Migration", "-- Down Migration"],
  ["node-pg-migrate, as it may be written", "  --- UP migration", "\t-- down MIGRATION"],
  ["node-pg-migrate, with words behind", "-- Up migration: the table", "-- Down Migration: away"],
  ["rambler", "-- rambler up", "-- rambler down"],
  ["aerich", "-- upgrade --", "-- downgrade --"],
  ["sqlite", "-- Up", "-- Down"],
  ["tern", "-- a table", "---- create above / drop below ----"],
  ["MyBatis", "-- // a table", "-- //@UNDO"],
];

test.each(styles)("reads the markers of %s", (_, up, down) => {
  const read = parts(`${up}\n${make}\n\n${down}\n${drop}\n`);
  expect(read.down).toBe(drop);
  expect(read.up?.replace(/^--.*\n/, "")).toBe(make);
});

test.each(styles)("lines keep their numbers with the markers of %s", (_, up, down) => {
  const { down: text = "" } = readSections(`${up}\n${make}\n\n${down}\n${drop}\n`, "postgres");
  expect(text.split("\n").indexOf(drop)).toBe(4);
});

test.each([
  ["goose", "-- +goose NO TRANSACTION\n-- +goose Up\nselect 1;"],
  ["goose, in small letters", "-- +goose no transaction\n-- +goose up\nselect 1;"],
  ["sql-migrate", "-- +migrate Up notransaction\nselect 1;"],
  ["sql-migrate, going down", "-- +migrate Up\nselect 1;\n-- +migrate Down notransaction\n"],
  ["tern", "---- tern: disable-tx ----\nselect 1;"],
])("no transaction, as %s says it", (_, text) => {
  expect(parts(text).transaction).toBe(false);
});

test("StatementBegin and StatementEnd are left to the lexer", () => {
  const body = "-- +goose StatementBegin\ncreate function f() returns int as $$ begin; end $$;";
  const read = parts(`-- +goose Up\n${body}\n-- +goose StatementEnd\n-- +goose Down\n${drop}`);
  expect(read).toEqual({ up: `${body}\n-- +goose StatementEnd`, down: drop });
});

test.each([
  "-- MIGRATE:DOWN",
  "  -- migrate:down",
  "-- migrate: down",
  "-- migrate-down",
  "-- Migrate:Down",
  "--migrate down",
  "/* migrate:down */",
  "-- @down",
  "-- Rollback:",
  "-- !Downs",
  "-- === DOWN ===",
])("a marker that is none is refused with its line: %s", (line) => {
  const reason = `${line.trim()} looks like the start of a part and is none`;
  expect(refusal(() => parts(`${make}\n${line}\n${drop}`))).toBe(`line 2: ${reason}`);
  expect(refusal(() => parts(`-- migrate:up\n${make}\n${line}\n${drop}`))).toBe(
    `line 3: ${reason}`,
  );
});

test("a mistyped first marker is refused too", () => {
  expect(refusal(() => parts(`-- Migrate:Up\n${make}\n-- migrate:down\n${drop}`))).toContain(
    "line 1",
  );
});

test.each([
  ["prose", `-- Rolls back what the last one did, see down below\n${make}`],
  ["a comment behind a statement", `${make} -- rollback\n${make}`],
  ["a way back that is a comment", `${make}\n-- Rollback:\n-- drop table t;\n`],
  ["a note of what cannot be", `${make}\n-- Down migration is not possible`],
  ["inside a body", `do $$\n-- migrate-down\n-- Down Migration\n$$;`],
])("%s is no marker", (_, text) => {
  expect(parts(text)).toEqual({ up: text.trim(), down: undefined });
});

test("prose about a migration between markers of another tool is no marker", () => {
  const text = `-- migrate:up\n-- Up migration of the orders\n${make}\n-- migrate:down\n${drop}`;
  expect(parts(text)).toEqual({ up: `-- Up migration of the orders\n${make}`, down: drop });
});

test.each([
  [
    "markers of two tools",
    `-- +goose Up\n${make}\n-- migrate:down\n${drop}`,
    "line 3: -- migrate:down is of Slipway, and -- +goose Up above is of goose",
  ],
  [
    "a line of goose that Slipway does not follow",
    "-- +goose Up\n-- +goose ENVSUB ON\nselect 1;",
    "line 2: -- +goose ENVSUB ON is a line of goose that Slipway does not read",
  ],
  [
    "a marker of sql-migrate in other letters",
    "-- +migrate up\nselect 1;",
    "line 1: -- +migrate up is a line of sql-migrate that Slipway does not read",
  ],
])("refuses %s", (_, text, message) => {
  expect(refusal(() => parts(text))).toBe(message);
});

test("a file of a pair holds one part", () => {
  const both = `${make}\n-- migrate:down\n${drop}`;
  const settings = (text: string) => readSettings(text, { syntax: "postgres", part: "up" });
  expect(refusal(() => settings(both))).toBe(
    "line 2: -- migrate:down starts a down part, and the file is the up part",
  );
  expect(settings(`-- migrate:up\n${make}`)).toEqual({});
  expect(refusal(() => refuseTwoParts(both, "postgres"))).toBe(
    "line 2: -- migrate:down starts another part, and the file runs whole",
  );
});

test("a lone carriage return ends a line of PostgreSQL, and none of SQLite and MySQL", () => {
  const text = `-- migrate:up\r${make}\r-- migrate:down\r${drop}`;
  expect(parts(text)).toEqual({ up: make, down: drop });
  for (const syntax of ["sqlite", "mysql"] as const)
    expect(refusal(() => parts(text, syntax))).toBe(
      "line 1: a comment continues after a carriage return that no line feed follows",
    );
  expect(parts(text.replaceAll("\r", "\r\n"), "sqlite")).toEqual({ up: make, down: drop });
});
