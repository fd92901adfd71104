import { expect, test } from "vitest";
import type { MigrationDefinition } from "../../../src/core/language/migration-definition.ts";
import { definitionFromSql, type SqlParts } from "../../../src/core/language/sql-migration.ts";
import { isReleaseError } from "../../../src/core/model/errors.ts";
import type { Direction } from "../../../src/core/model/migration.ts";
import { record } from "../../../src/core/plan/record.ts";
import type { SqlSyntax } from "../../../src/core/sql/token.ts";

const origin = "db/1_a.sql";
const whole = (text: string): SqlParts => ({ whole: { text, origin } });
const load = (parts: SqlParts, syntax: SqlSyntax = "postgres") =>
  definitionFromSql(parts, { origin, syntax });

/** The SQL that is recorded in one direction. */
function recorded(definition: MigrationDefinition, direction: Direction): readonly string[] {
  const file = { id: "1_a", version: "1", name: "a", origin };
  const context = { direction, identifierLimit: { max: 63, unit: "bytes" } as never, defaults: {} };
  return record(file, definition, context).body.map((op) =>
    op.kind === "execute" ? op.sql : op.kind,
  );
}

function refusal(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    if (isReleaseError(error)) return { code: error.code, message: error.message };
    throw error;
  }
  return "nothing refused";
}

test("a plain file is the up part", () => {
  const definition = load(whole("-- a\nselect 1;\n"));
  expect(recorded(definition, "up")).toEqual(["-- a\nselect 1;\n"]);
  expect(refusal(() => recorded(definition, "down"))).toEqual({
    code: "sql_section_missing",
    message: "db/1_a.sql has no down part",
  });
});

test("marked parts keep the line numbers of the file", () => {
  const definition = load(
    whole("-- licence\n-- migrate:up\nselect 1;\n\n-- migrate:down transaction:false\nselect 2;\n"),
  );
  expect(recorded(definition, "up")).toEqual(["\n\nselect 1;\n\n"]);
  expect(recorded(definition, "down")).toEqual(["\n\n\n\n\nselect 2;\n"]);
  expect(definition.transaction).toBe(false);
});

test("a pair is two texts, each with its origin", () => {
  const up = { text: "select 1", origin: "1_a.up.sql" };
  const down = { text: "\\d", origin: "1_a.down.sql" };
  expect(recorded(load({ up, down: { ...down, text: "-- nothing" } }), "down")).toEqual([]);
  expect(refusal(() => load({ up, down }))).toMatchObject({
    message: "file 1_a.down.sql: line 1: \\d is a command of psql, not SQL",
  });
  expect(refusal(() => recorded(load({ down: up }), "up"))).toMatchObject({
    code: "sql_section_missing",
  });
});

test("a marker inside a string or a body is none", () => {
  const definition = load(whole("do $$\n-- migrate:down\n$$;"));
  expect(recorded(definition, "up")).toEqual(["do $$\n-- migrate:down\n$$;"]);
});

test("a down part that ends the transaction stops nobody from going up", () => {
  const definition = load(whole("-- migrate:up\nselect 1;\n-- migrate:down\nbegin;"));
  expect(recorded(definition, "up")).toEqual(["\nselect 1;\n"]);
  expect(refusal(() => recorded(definition, "down"))).toMatchObject({ code: "migration_invalid" });
});

const settings: readonly [string, string, boolean | undefined][] = [
  ["none", "-- hello\nselect 1", undefined],
  ["our own", "-- slipway: transaction=false\nselect 1", false],
  ["our own, said explicitly", "\n-- a\n-- slipway: transaction=true\nselect 1", true],
  ["our own, above a marker", "-- slipway: transaction=false\n-- migrate:up\nselect 1", false],
  ["our own, below a marker", "-- migrate:up\n-- slipway: transaction=false\nselect 1", false],
  ["behind a marker, as dbmate has it", "-- migrate:up transaction:false\nselect 1", false],
  ["of postgres-migrations", "-- postgres-migrations disable-transaction\nselect 1", false],
  ["postgres-migrations, something else", "-- postgres-migrations ignore\nselect 1", undefined],
  [
    "a safety rule, anywhere",
    'select 1;\n-- slipway: safe drop-column "unused"\nselect 2',
    undefined,
  ],
];

test("settings of the lock policy, from several lines and both files", () => {
  const up = {
    text: "-- slipway: lock-timeout=700 transaction=false\nselect 1;",
    origin: "a.up.sql",
  };
  const down = { text: "-- slipway: on-blocked=fail\nselect 2;", origin: "a.down.sql" };
  const made = definitionFromSql({ up, down }, { origin: "a", syntax: "postgres" });
  expect(made).toMatchObject({
    transaction: false,
    policy: { lockTimeoutMs: 700, onBlocked: "fail" },
  });
});

test.each(settings)("settings: %s", (_, text, transaction) => {
  expect(load(whole(text)).transaction).toBe(transaction);
});

test("what is said outside of the text counts too", () => {
  const parts = { up: { text: "select 1", origin } };
  expect(
    definitionFromSql(parts, { origin, syntax: "postgres", transaction: false }).transaction,
  ).toBe(false);
});

const ownTransactions: readonly [string, SqlSyntax, string, string][] = [
  [
    "around everything",
    "postgres",
    "-- a\nBEGIN;\nselect 1;\nCOMMIT;\n",
    "-- a\n      \nselect 1;\n       \n",
  ],
  [
    "in other words",
    "postgres",
    "start transaction;select 1;end",
    "                  select 1;   ",
  ],
  [
    "of SQLite",
    "sqlite",
    "BEGIN IMMEDIATE; select 1; END TRANSACTION;",
    "                 select 1;                 ",
  ],
  [
    "several, as Prisma writes them around changes of enums",
    "postgres",
    "BEGIN;\nselect 1;\nCOMMIT;\nBEGIN;\nselect 2;\nCOMMIT;\nselect 3;",
    "      \nselect 1;\n       \n      \nselect 2;\n       \nselect 3;",
  ],
  [
    "of the tool's, left for a PRAGMA and begun again",
    "sqlite",
    "COMMIT;\nPRAGMA a = 1;\nBEGIN;\nselect 1;\nCOMMIT;\nPRAGMA a = 0;\nBEGIN TRANSACTION;",
    "       \nPRAGMA a = 1;\n      \nselect 1;\n       \nPRAGMA a = 0;\n                  ",
  ],
  [
    "with savepoints",
    "postgres",
    "savepoint a; rollback to savepoint a; release a",
    "savepoint a; rollback to savepoint a; release a",
  ],
  [
    "MySQL, where there is none around",
    "mysql",
    "begin; select 1; commit",
    "begin; select 1; commit",
  ],
  [
    "declared",
    "postgres",
    "-- slipway: transaction=false\nselect 1; commit;",
    "-- slipway: transaction=false\nselect 1; commit;",
  ],
];

test.each(ownTransactions)("a transaction of its own: %s", (_, syntax, text, sql) => {
  expect(recorded(load(whole(text), syntax), "up")).toEqual([sql]);
});

test.each([
  ["-- migrate:down", "-- migrate:up"],
  ["-- +goose Down", "-- +goose Up"],
  ["-- Down Migration", "-- Up Migration"],
])("a way back alone is told which line is missing: %s", (down, up) => {
  expect(() => load(whole(`select 1;\n${down}\nselect 2;\n`))).toThrow(
    expect.objectContaining({ hint: `Write ${up} above it.` }),
  );
});

const refusals: readonly [string, string, string][] = [
  ["nothing at all", " \n", "it is empty"],
  [
    "text before the first part",
    "select 1;\n-- migrate:up\n",
    "line 1: a statement stands before -- migrate:up",
  ],
  [
    "a part that stands twice",
    "-- migrate:up\n-- migrate:up\n",
    "line 2: the up part stands twice",
  ],
  [
    "an unknown setting",
    "-- slipway: transacton=false\n",
    "line 1: unknown setting transacton=false",
  ],
  [
    "a setting with a value that it cannot have",
    "-- slipway: lock-timeout=5s\n",
    "line 1: lock-timeout=5s means nothing",
  ],
  ["a setting without a value", "-- slipway: on-blocked=\n", "line 1: on-blocked= means nothing"],
  ["an unknown setting of a part", "-- migrate:up tx:no\n", "line 1: unknown setting tx:no"],
  [
    "a setting that comes too late",
    "select 1;\n-- slipway: transaction=false",
    'line 2: "-- slipway: transaction=false" stands behind the first statement',
  ],
  [
    "a COMMIT without its BEGIN",
    "select 1;\ncommit;\nselect 2;",
    "line 2: COMMIT would end or split the migration's own transaction",
  ],
  [
    "a BEGIN without its COMMIT",
    "begin;commit;\nbegin;select 1;",
    "line 2: BEGIN would end or split the migration's own transaction",
  ],
  [
    "a transaction with a mode",
    "begin isolation level serializable; select 1; commit",
    "line 1: BEGIN ISOLATION would end or split the migration's own transaction",
  ],
  [
    "ROLLBACK",
    "select 1; rollback",
    "line 1: ROLLBACK would end or split the migration's own transaction",
  ],
];

test.each(refusals)("refuses %s", (_, text, reason) => {
  expect(refusal(() => recorded(load(whole(text)), "up"))).toEqual({
    code: "migration_invalid",
    message: `file ${origin}: ${reason}`,
  });
});
