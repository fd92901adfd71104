import { describe, expect, it, test } from "vitest";
import { sqliteDialect } from "../../src/adapters/sqlite/dialect.ts";
import { UnsupportedOperation } from "../../src/core/language/dialect.ts";
import type { SchemaOperation, TableDefinition } from "../../src/core/language/operation.ts";
import type {
  Column,
  ColumnChange,
  Constraint,
  ForeignKey,
  Index,
} from "../../src/core/language/table-parts.ts";

const table = { name: "posts" };
const create = (
  columns: readonly Column[],
  rest: Partial<TableDefinition> = {},
): SchemaOperation => {
  return { kind: "create_table", table, definition: { columns, constraints: [], ...rest } };
};
const alter = (...changes: readonly ColumnChange[]): SchemaOperation => ({
  kind: "alter_table",
  table,
  changes,
});
const add = (column: Column): SchemaOperation => alter({ kind: "add_column", column });
const index = (rest: Partial<Index> = {}): Index => {
  return { name: "posts_title_index", table, columns: [{ column: "title" }], ...rest };
};
const createIndex = (rest: Partial<Index> = {}): SchemaOperation => ({
  kind: "create_index",
  index: index(rest),
});
const constrain = (constraint: Constraint): SchemaOperation => ({
  kind: "create_constraint",
  table,
  constraint,
});
const execute = (sql: string): SchemaOperation => ({ kind: "execute", sql });
const author: ForeignKey = { name: "posts_author_id_fkey", table: { name: "users" }, column: "id" };
const refers = (rest: Partial<ForeignKey>): SchemaOperation => {
  return create([{ name: "author_id", type: "bigint", references: { ...author, ...rest } }]);
};
const fragment = (sql: string) => ({ kind: "fragment", sql }) as const;

const compiled: [string, SchemaOperation, readonly string[]][] = [
  [
    "a table with all that it may have",
    {
      kind: "create_table",
      table,
      ifNotExists: true,
      definition: {
        modifiers: "temporary",
        options: "STRICT",
        columns: [
          { name: "id", type: "bigserial", primaryKey: true, null: false },
          { name: "title", type: "string", null: false, default: "it's", collation: "nocase" },
          { name: "slug", type: "text", generated: "ALWAYS AS (lower(title)) STORED" },
          { name: "at", type: "utc_datetime", default: fragment("CURRENT_TIMESTAMP") },
          {
            name: "author_id",
            type: "bigint",
            references: {
              ...author,
              onDelete: "set null",
              onUpdate: "no action",
              deferrable: "initially deferred",
            },
          },
        ],
        constraints: [
          { kind: "check", name: "short", expression: "length(title) < 10" },
          { kind: "unique", name: "once", columns: ["title", "author_id"] },
        ],
      },
    },
    [
      `CREATE TEMPORARY TABLE IF NOT EXISTS "posts" ("id" INTEGER PRIMARY KEY AUTOINCREMENT, ` +
        `"title" TEXT NOT NULL DEFAULT 'it''s' COLLATE "nocase", ` +
        `"slug" TEXT GENERATED ALWAYS AS (lower(title)) STORED, ` +
        `"at" TEXT DEFAULT (CURRENT_TIMESTAMP), ` +
        `"author_id" INTEGER CONSTRAINT "posts_author_id_fkey" REFERENCES "users" ("id") ON DELETE SET NULL ON UPDATE NO ACTION DEFERRABLE INITIALLY DEFERRED, ` +
        `CONSTRAINT "short" CHECK (length(title) < 10), CONSTRAINT "once" UNIQUE ("title", "author_id")) STRICT`,
    ],
  ],
  [
    "keys of other types, which may not be null",
    create([{ name: "key", type: "uuid", primaryKey: true }]),
    ['CREATE TABLE "posts" ("key" TEXT NOT NULL PRIMARY KEY)'],
  ],
  [
    "a key of an integer, which is the rowid",
    create([{ name: "version", type: "bigint", primaryKey: true, null: false }]),
    ['CREATE TABLE "posts" ("version" INTEGER PRIMARY KEY)'],
  ],
  [
    "composite keys, own and foreign",
    create([
      { name: "a", type: "id", primaryKey: true },
      {
        name: "b",
        type: "id",
        primaryKey: true,
        references: { ...author, name: "f", with: { a: "x" } },
      },
    ]),
    [
      `CREATE TABLE "posts" ("a" INTEGER NOT NULL, "b" INTEGER NOT NULL, PRIMARY KEY ("a", "b"), ` +
        `CONSTRAINT "f" FOREIGN KEY ("b", "a") REFERENCES "users" ("id", "x"))`,
    ],
  ],
  [
    "columns one by one",
    alter(
      { kind: "add_column", column: { name: "a", type: "text" } },
      { kind: "add_column", column: { name: "b", type: "boolean", null: false, default: false } },
    ),
    [
      'ALTER TABLE "posts" ADD COLUMN "a" TEXT',
      'ALTER TABLE "posts" ADD COLUMN "b" INTEGER NOT NULL DEFAULT 0',
    ],
  ],
  [
    "a foreign key column",
    add({ name: "author_id", type: "bigint", references: author }),
    [
      'ALTER TABLE "posts" ADD COLUMN "author_id" INTEGER CONSTRAINT "posts_author_id_fkey" REFERENCES "users" ("id")',
    ],
  ],
  [
    "a default that is an expression",
    add({ name: "at", type: "date", default: fragment("CURRENT_DATE") }),
    ['-- rebuild table "posts": add column "at"'],
  ],
  [
    "a stored column",
    add({ name: "c", type: "text", generated: "ALWAYS AS (a) STORED" }),
    ['-- rebuild table "posts": add column "c"'],
  ],
  [
    "all changes in one rebuild",
    alter(
      { kind: "add_column", column: { name: "a", type: "text" } },
      { kind: "modify_column", column: { name: "b", type: "text" } },
      { kind: "remove_column", name: "c" },
      { kind: "set_not_null", name: "d" },
    ),
    [
      '-- rebuild table "posts": add column "a", modify column "b", remove column "c", set not null of "d"',
    ],
  ],
  ["no change", alter(), []],
  [
    "dropping a table",
    { kind: "drop_table", table, ifExists: true },
    ['DROP TABLE IF EXISTS "posts"'],
  ],
  [
    "renaming a table",
    { kind: "rename_table", table, to: "texts" },
    ['ALTER TABLE "posts" RENAME TO "texts"'],
  ],
  [
    "renaming a column",
    { kind: "rename_column", table, column: "a", to: "b" },
    ['ALTER TABLE "posts" RENAME COLUMN "a" TO "b"'],
  ],
  [
    "an index",
    createIndex({
      unique: true,
      where: "score > 0",
      columns: [
        { column: "title", collation: "nocase", order: "desc" },
        { expression: "lower(title)" },
      ],
    }),
    [
      'CREATE UNIQUE INDEX "posts_title_index" ON "posts" ("title" COLLATE "nocase" DESC, lower(title)) WHERE score > 0',
    ],
  ],
  [
    "dropping an index",
    { kind: "drop_index", index: index(), ifExists: true },
    ['DROP INDEX IF EXISTS "posts_title_index"'],
  ],
  [
    "renaming an index",
    { kind: "rename_index", table, index: "a", to: "b" },
    ['-- rename index "a" to "b"'],
  ],
  [
    "a constraint",
    constrain({ kind: "check", name: "c", expression: "a > 0" }),
    ['-- rebuild table "posts": add constraint "c"'],
  ],
  [
    "dropping a constraint",
    { kind: "drop_constraint", table, name: "c" },
    ['-- rebuild table "posts": drop constraint "c"'],
  ],
  [
    "renaming a constraint",
    { kind: "rename_constraint", table, constraint: "c", to: "d" },
    ['-- rebuild table "posts": rename constraint "c" to "d"'],
  ],
  [
    "a view",
    { kind: "create_view", view: { name: "v" }, definition: { as: "SELECT 1", columns: ["a"] } },
    ['CREATE VIEW "v" ("a") AS SELECT 1'],
  ],
  ["dropping a view", { kind: "drop_view", view: { name: "v" } }, ['DROP VIEW "v"']],
  [
    "SQL, statement by statement",
    execute(
      "DELETE FROM a; -- no\nCREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; SELECT 2; END;",
    ),
    ["DELETE FROM a", "CREATE TRIGGER t AFTER DELETE ON a BEGIN SELECT 1; SELECT 2; END"],
  ],
];

test.each(compiled)("spells %s", (_, op, sql) => {
  expect(sqliteDialect.compile(op).map((statement) => statement.sql)).toEqual(sql);
});

const prefix = "billing";
const key = {
  kind: "foreign_key",
  name: "k",
  columns: ["a"],
  references: { table: { name: "users" }, columns: ["id"] },
} as const;
const refused: [SchemaOperation, string, string][] = [
  [
    { ...create([]), table: { ...table, prefix } } as SchemaOperation,
    "use the prefix billing of posts",
    "Leave the prefix out",
  ],
  [create([], { comment: "x" }), "use the option comment of table posts", "no comments"],
  [create([], { engine: "InnoDB" }), "use the option engine of table posts", "MySQL"],
  [create([], { modifiers: "unlogged" }), "create the unlogged table posts", "Leave modifiers out"],
  [
    create([{ name: "a", type: "text", comment: "x" }]),
    "use the option comment of column a",
    "no comments",
  ],
  [
    create([{ name: "a", type: "text", after: "b" }]),
    "use the option after of column a",
    "at the end",
  ],
  [
    create([{ name: "a", type: "duration", fields: "day" }]),
    "use the option fields of column a",
    "text",
  ],
  [
    create([{ name: "a", type: "identity", primaryKey: true, startValue: 5 }]),
    "use the option startValue of column a",
    "first row",
  ],
  [
    create([{ name: "a", type: "identity", primaryKey: true, increment: 5 }]),
    "use the option increment of column a",
    "by one",
  ],
  [
    create([{ name: "a", type: "integer", size: 5 }]),
    "use the option size of column a",
    "integer is INTEGER",
  ],
  [
    create([{ name: "a", type: "utc_datetime_usec", precision: 3 }]),
    "use the option precision of column a",
    "is TEXT",
  ],
  [
    create([{ name: "a", type: "bigserial" }]),
    "number the rows in column a, which is not the only primary key",
    "integer",
  ],
  [
    create([{ name: "a", type: "bigint", generated: "BY DEFAULT AS IDENTITY" }]),
    "generate column a as an identity",
    "identity",
  ],
  [refers({ validate: false }), "leave constraint posts_author_id_fkey unvalidated", "every row"],
  [refers({ match: "full" }), "use match full in constraint posts_author_id_fkey", "match simple"],
  [
    refers({ onDelete: { setNull: ["a"] } }),
    "set only some columns of constraint posts_author_id_fkey",
    "set null",
  ],
  [
    refers({ onUpdate: { setDefault: ["a"] } }),
    "set only some columns of constraint posts_author_id_fkey",
    "set null",
  ],
  [
    refers({ table: { name: "users", prefix } }),
    "use the prefix billing of users",
    "Leave the prefix out",
  ],
  [
    alter({ kind: "remove_column", name: "a", cascade: true }),
    "use the option cascade of remove column a",
    "drop what depends",
  ],
  [
    alter({ kind: "modify_column", column: { name: "a", type: "text", comment: "x" } }),
    "use the option comment of column a",
    "no comments",
  ],
  [
    alter({ kind: "modify_column", column: { name: "a", type: "bigserial" } }),
    "modify column a into a primary key",
    "createConstraint",
  ],
  [
    { kind: "drop_table", table, cascade: true },
    "use the option cascade of drop table posts",
    "drop what depends",
  ],
  [
    createIndex({ concurrently: true }),
    "use the option concurrently of index posts_title_index",
    "Leave it out: SQLite locks the whole file for every write.",
  ],
  [createIndex({ using: "gin" }), "use the option using of index posts_title_index", "B-trees"],
  [
    createIndex({ include: ["a"] }),
    "use the option include of index posts_title_index",
    "at the end",
  ],
  [createIndex({ only: true }), "use the option only of index posts_title_index", "partitions"],
  [
    createIndex({ options: "fillfactor = 50" }),
    "use the option options of index posts_title_index",
    "storage",
  ],
  [
    createIndex({ comment: "x" }),
    "use the option comment of index posts_title_index",
    "no comments",
  ],
  [
    createIndex({ unique: true, nullsDistinct: false }),
    "use the option nullsDistinct of index posts_title_index",
    "always distinct",
  ],
  [
    createIndex({ columns: [{ column: "a", operatorClass: "x" }] }),
    "use the option operatorClass of index posts_title_index",
    "classes",
  ],
  [
    createIndex({ columns: [{ column: "a", nulls: "last" }] }),
    "use the option nulls of index posts_title_index",
    "nulls first",
  ],
  [
    { kind: "drop_index", index: index({ concurrently: true }) },
    "use the option concurrently of drop index posts_title_index",
    "whole file",
  ],
  [
    { kind: "drop_index", index: index(), cascade: true },
    "use the option cascade of drop index posts_title_index",
    "drop what depends",
  ],
  [
    constrain({ kind: "exclude", name: "k", using: "gist", elements: "a WITH =" }),
    "have the exclusion constraint k",
    "trigger",
  ],
  [
    constrain({ kind: "check", name: "k", expression: "1", validate: false }),
    "leave constraint k unvalidated",
    "every row",
  ],
  [
    constrain({ kind: "check", name: "k", expression: "1", comment: "x" }),
    "use the option comment of constraint k",
    "no comments",
  ],
  [
    constrain({ kind: "unique", name: "k", columns: ["a"], nullsDistinct: false }),
    "use the option nullsDistinct of constraint k",
    "always distinct",
  ],
  [
    constrain({ kind: "unique", name: "k", columns: ["a"], usingIndex: "i" }),
    "use the option usingIndex of constraint k",
    "drop that index",
  ],
  [
    constrain({ kind: "unique", name: "k", columns: ["a"], deferrable: "initially deferred" }),
    "use the option deferrable of constraint k",
    "foreign keys",
  ],
  [constrain({ ...key, validate: false }), "leave constraint k unvalidated", "every row"],
  [
    { kind: "drop_constraint", table, name: "k", cascade: true },
    "use the option cascade of drop constraint k",
    "drop what depends",
  ],
  [
    { kind: "rename_constraint", table: { ...table, prefix }, constraint: "k", to: "l" },
    "use the prefix billing of posts",
    "Leave the prefix out",
  ],
  [{ kind: "validate_constraint", table, name: "k" }, "validate constraint k", "every row"],
  [
    {
      kind: "create_view",
      view: { name: "v" },
      definition: { as: "SELECT 1" },
      materialized: true,
    },
    "have the materialized view v",
    "plain view",
  ],
  [
    { kind: "create_view", view: { name: "v" }, definition: { as: "SELECT 1", withData: false } },
    "use the option withData of view v",
    "Leave it out",
  ],
  [
    { kind: "drop_view", view: { name: "v" }, cascade: true },
    "use the option cascade of drop view v",
    "drop what depends",
  ],
  [
    { kind: "comment", on: "column", table, column: "a", comment: "x" },
    "comment on column posts.a",
    "no comments",
  ],
  [
    execute("SELECT 'a"),
    "read line 1 of the SQL: the string that starts with ' is not closed",
    "Close it.",
  ],
  [{ kind: "create_schema", name: "s" }, "have the schema s", "file for each"],
  [{ kind: "create_extension", name: "e" }, "have the extension e", "Leave it out"],
  [
    { kind: "create_enum", enum: { name: "mood" }, values: ["a"] },
    "have the enum mood",
    "check constraint",
  ],
  [
    { kind: "create_sequence", sequence: { name: "s" }, options: {} },
    "have the sequence s",
    "bigserial",
  ],
];

describe("refuses by name and with a hint", () => {
  const cases = refused.map(([op, operation, hint]) => ({ op, operation, hint }));
  it.each(cases)("$operation", ({ op, operation, hint }) => {
    const refusal = catchError(() => sqliteDialect.compile(op));
    expect(refusal).toBeInstanceOf(UnsupportedOperation);
    expect(refusal).toMatchObject({ operation, hint: expect.stringContaining(hint) });
  });
});

function catchError(body: () => unknown): unknown {
  try {
    return body();
  } catch (error) {
    return error;
  }
}

const types: [string, Partial<Column>, string][] = [
  ["boolean", {}, "INTEGER"],
  ["smallint", {}, "INTEGER"],
  ["string", {}, "TEXT"],
  ["string", { size: 40 }, "VARCHAR(40)"],
  ["decimal", { precision: 10, scale: 2 }, "DECIMAL(10, 2)"],
  ["float", {}, "REAL"],
  ["binary", {}, "BLOB"],
  ["uuid", {}, "TEXT"],
  ["map", {}, "TEXT"],
  ["naive_datetime", {}, "TEXT"],
  ["string[]", {}, "TEXT"],
  ["ANY", {}, "ANY"],
  ["point", { size: 2 }, "point(2)"],
];

test.each(types)("the type %s %j", (type, options, expected) => {
  const [statement] = sqliteDialect.compile(create([{ name: "a", type, ...options }]));
  expect(statement?.sql).toBe(`CREATE TABLE "posts" ("a" ${expected})`);
});

const literals: [unknown, string][] = [
  [null, "NULL"],
  [true, "1"],
  [false, "0"],
  [-1.5, "-1.5"],
  [9007199254740993n, "9007199254740993"],
  ["it's", "'it''s'"],
  [new Date("2021-07-18T15:33:39Z"), "'2021-07-18T15:33:39.000Z'"],
  [new Uint8Array([1, 255]), "X'01FF'"],
  [["a", 1], `'["a",1]'`],
  [{ a: "it's" }, `'{"a":"it''s"}'`],
];

test.each(literals)("literal %#", (value, sql) => {
  expect(sqliteDialect.literal(value)).toBe(sql);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY, "a\0b"])("no literal for %j", (value) => {
  expect(() => sqliteDialect.literal(value)).toThrow(UnsupportedOperation);
});

const transactions: [string, boolean][] = [
  ["VACUUM", true],
  ["vacuum into 'x.db'", true],
  ["PRAGMA main.foreign_keys = OFF", false],
  ["SELECT 1; pragma journal_mode=wal", true],
  ["ATTACH 'x.db' AS x", true],
  ["DETACH x", true],
  ["BEGIN; SELECT 1; COMMIT", true],
  ["PRAGMA user_version = 1", false],
  ["-- VACUUM\nSELECT 'VACUUM'", false],
  ["CREATE TRIGGER t AFTER DELETE ON a BEGIN DELETE FROM b; END", false],
];

test.each(transactions)("%s refuses a transaction: %s", (sql, expected) => {
  expect(sqliteDialect.refusesTransaction(execute(sql))).toBe(expected);
});

test("a procedure is plain data", () => {
  const [statement] = sqliteDialect.compile(
    alter({ kind: "set_default", name: "a", default: fragment("1 + 1") }),
  );
  const copy: unknown = JSON.parse(JSON.stringify(statement));
  expect(copy).toEqual(statement);
  expect(statement?.procedure).toEqual({
    name: "rebuild",
    input: {
      table: "posts",
      changes: [{ kind: "set_default", name: "a", default: fragment("1 + 1") }],
    },
  });
});
