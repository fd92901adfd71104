/** Conformance 73–99: what a migration records, and what undoes it. */
import { expect, it } from "vitest";
import { sqliteDialect } from "../../src/adapters/sqlite/dialect.ts";
import type { MigrationBuilder } from "../../src/core/language/builder.ts";
import type { WrittenType } from "../../src/core/language/column-type.ts";
import type { RecordContext } from "../../src/core/language/defaults.ts";
import type { MigrationDefinition } from "../../src/core/language/migration-definition.ts";
import type { Operation } from "../../src/core/language/operation.ts";
import { isReleaseError, type ReleaseError } from "../../src/core/model/errors.ts";
import { sql } from "../../src/core/model/fragment.ts";
import type { Direction } from "../../src/core/model/migration.ts";
import { readFiles } from "../../src/core/plan/read-files.ts";
import { record } from "../../src/core/plan/record.ts";

type Change = (m: MigrationBuilder) => void;

const file = { id: "1_case", version: "1", name: "case", origin: "1_case.ts" };

function forward(change: Change, context: Partial<RecordContext> = {}): readonly Operation[] {
  return recorded({ change }, "up", context);
}

function backward(change: Change): readonly Operation[] {
  return recorded({ change }, "down", {});
}

function recorded(
  definition: MigrationDefinition,
  direction: Direction,
  context: Partial<RecordContext>,
): readonly Operation[] {
  const limit = { length: 63, unit: "bytes" } as const;
  return record(file, definition, {
    direction,
    identifierLimit: limit,
    defaults: {},
    ...context,
  }).body;
}

/** The message of a refusal, without the file. */
function refusal(work: () => unknown): string {
  return refused(work).message.replace("1_case.ts: ", "");
}

function refused(work: () => unknown): ReleaseError {
  try {
    work();
  } catch (error) {
    if (isReleaseError(error)) return error;
    throw error;
  }
  throw new Error("nothing was refused");
}

const posts = { name: "posts" };
const id = { name: "id", type: "bigserial", primaryKey: true };

it("73: index, references and constraint have their defaults", () => {
  const operations = forward((m) => {
    m.createIndex("posts", ["title"]);
    m.createTable("posts", (t) => t.references("author_id", "users"));
    m.createConstraint("posts", "cheap", { check: "price < 10" });
  });
  const key = { name: "posts_author_id_fkey", table: { name: "users" }, column: "id" };
  expect(operations).toEqual([
    {
      kind: "create_index",
      index: { name: "posts_title_index", table: posts, columns: [{ column: "title" }] },
    },
    {
      kind: "create_table",
      table: posts,
      definition: {
        columns: [{ name: "author_id", type: "bigint", references: key }],
        constraints: [],
      },
    },
    {
      kind: "create_constraint",
      table: posts,
      constraint: { kind: "check", name: "cheap", expression: "price < 10" },
    },
  ]);
});

const indexNames: readonly (readonly [string, Change, string])[] = [
  [
    "74: an expression",
    (m) => m.createIndex("posts", [sql`lower(title)`]),
    "posts_lower_title_index",
  ],
  [
    "75: two underscores in a row",
    (m) => m.createIndex("table_one__table_two", ["title"], { unique: true }),
    "table_one__table_two_title_index",
  ],
];

it.each(indexNames)("%s in the default name of an index", (_, change, name) => {
  expect(forward(change)).toMatchObject([{ kind: "create_index", index: { name } }]);
});

it("76: nullsDistinct without unique is refused; two where cannot be written into one object", () => {
  expect(
    refusal(() => forward((m) => m.createIndex("posts", ["title"], { nullsDistinct: false }))),
  ).toBe("the nullsDistinct option can only be used with unique indexes (index on posts)");
});

it("77: references follow what the repo says of foreign and primary keys", () => {
  const change: Change = (m) => m.createTable("posts", (t) => t.references("author_id", "users"));
  const column = (defaults: RecordContext["defaults"]) => {
    const [op] = forward(change, { defaults });
    if (op?.kind !== "create_table") throw new Error("no table");
    const { type, references } = op.definition.columns[0]!;
    return [type, references?.table.prefix, references?.column];
  };
  expect(column({})).toEqual(["bigint", undefined, "id"]);
  expect(column({ primaryKey: { type: "uuid" } })).toEqual(["uuid", undefined, "id"]);
  expect(column({ primaryKey: { type: "identity" } })).toEqual(["bigint", undefined, "id"]);
  expect(column({ primaryKey: { type: "serial" } })).toEqual(["integer", undefined, "id"]);
  expect(column({ foreignKey: { column: "uid", type: "uuid", prefix: "crm" } })).toEqual([
    "uuid",
    "crm",
    "uid",
  ]);
});

it("78: a type that is no text is refused, and so is datetime", () => {
  class Money {}
  const table = (type: string) => () =>
    forward((m) => m.createTable("posts", (t) => t.column("a", type as WrittenType)));
  expect(refusal(table(Money as unknown as string))).toBe(
    "invalid migration type for column a: function Money",
  );
  expect(refusal(table("datetime"))).toBe("the type datetime of column a is not supported");
  expect(refused(table("datetime")).hint).toBe('Use "utc_datetime" or "naive_datetime".');
});

it("79, ours: columns stand in the order in which they are written, and the id is one of them", () => {
  const [op] = forward((m) =>
    m.createTable("posts", (t) => {
      t.id();
      t.column("title", "string");
      t.timestamps();
    }),
  );
  expect(op).toEqual({
    kind: "create_table",
    table: posts,
    definition: {
      columns: [
        id,
        { name: "title", type: "string" },
        { name: "inserted_at", type: "naive_datetime", null: false },
        { name: "updated_at", type: "naive_datetime", null: false },
      ],
      constraints: [],
    },
  });
});

it("80, ours: a primary key is there when t.id() says so; the repo and the call say which", () => {
  const columns = (define: Parameters<MigrationBuilder["createTable"]>[1], defaults = {}) => {
    const [op] = forward((m) => m.createTable("posts", define), { defaults });
    return op?.kind === "create_table" ? op.definition.columns : undefined;
  };
  const uuid = { primaryKey: { name: "uuid", type: "uuid", default: sql`gen_random_uuid()` } };
  const key = { ...uuid.primaryKey, primaryKey: true };
  expect(columns((t) => t.column("title", "string"))).toEqual([{ name: "title", type: "string" }]);
  expect(columns((t) => t.id())).toEqual([id]);
  expect(columns((t) => t.id(), uuid)).toEqual([key]);
  expect(columns((t) => t.id({ name: "key" }), uuid)).toEqual([{ ...key, name: "key" }]);
  expect(columns((t) => t.id({ type: "identity", startValue: 5, increment: 2 }))).toEqual([
    { ...id, type: "identity", startValue: 5, increment: 2 },
  ]);
  const wrong = 5 as unknown as WrittenType;
  expect(refusal(() => columns((t) => t.id({ type: wrong })))).toBe(
    "invalid migration type for column id: 5",
  );
});

it("81: timestamps: renamed, one left out, of another type, with null from the repo", () => {
  const columns = (
    options: Parameters<
      Parameters<Parameters<MigrationBuilder["createTable"]>[1]>[0]["timestamps"]
    >[0],
    timestamps = {},
  ) => {
    const [op] = forward((m) => m.createTable("posts", (t) => t.timestamps(options)), {
      defaults: { timestamps },
    });
    return op?.kind === "create_table"
      ? op.definition.columns.map((column) => [column.name, column.type, column.null])
      : undefined;
  };
  expect(columns({ insertedAt: "created_at", updatedAt: false })).toEqual([
    ["created_at", "naive_datetime", false],
  ]);
  expect(columns({ type: "date" })).toEqual([
    ["inserted_at", "date", false],
    ["updated_at", "date", false],
  ]);
  expect(columns({ type: "utc_datetime" }, { null: true, updatedAt: "changed_at" })).toEqual([
    ["inserted_at", "utc_datetime", true],
    ["changed_at", "utc_datetime", true],
  ]);
});

const scales: readonly (readonly [string, Change])[] = [
  ["add", (m) => m.alterTable("posts", (t) => t.add("cost", "decimal", { scale: 2 }))],
  ["modify", (m) => m.alterTable("posts", (t) => t.modify("cost", "decimal", { scale: 2 }))],
  [
    "add if not exists",
    (m) => m.alterTable("posts", (t) => t.add("cost", "decimal", { scale: 2, ifNotExists: true })),
  ],
];

it.each(scales)("82: scale without precision is refused: %s", (_, change) => {
  expect(refusal(() => forward(change))).toBe("column cost is missing precision option");
});

it("83: the parts of an alter keep their order", () => {
  const [op] = forward((m) =>
    m.alterTable("posts", (t) => {
      t.add("summary", "text");
      t.add("score", "integer", { ifNotExists: true });
      t.modify("title", "text");
      t.remove("views");
      t.remove("likes", { ifExists: true });
      t.references("author_id", "users");
      t.timestamps({ updatedAt: false });
      t.setDefault("title", "new");
      t.dropDefault("body");
      t.setNotNull("body");
      t.dropNotNull("slug");
      t.setType("slug", "text");
    }),
  );
  const kinds = op?.kind === "alter_table" ? op.changes.map((change) => change.kind) : [];
  expect(kinds).toEqual([
    "add_column",
    "add_column",
    "modify_column",
    "remove_column",
    "remove_column",
    "add_column",
    "add_column",
    "set_default",
    "drop_default",
    "set_not_null",
    "drop_not_null",
    "set_type",
  ]);
});

it("84: a drop carries what it was told", () => {
  expect(
    forward((m) => {
      m.dropTable("posts");
      m.dropTable("posts", { ifExists: true, cascade: true });
    }),
  ).toEqual([
    { kind: "drop_table", table: posts },
    { kind: "drop_table", table: posts, ifExists: true, cascade: true },
  ]);
});

it("85: renaming a table, a column, an index", () => {
  expect(
    forward((m) => {
      m.renameTable("posts", { to: "articles" });
      m.renameColumn("posts", "title", { to: "name" });
      m.renameIndex("posts", ["title"], { to: "by_title" });
    }),
  ).toEqual([
    { kind: "rename_table", table: posts, to: "articles" },
    { kind: "rename_column", table: posts, column: "title", to: "name" },
    { kind: "rename_index", table: posts, index: "posts_title_index", to: "by_title" },
  ]);
});

it("86: a constraint is of one kind", () => {
  const create = (options: object) => () =>
    forward((m) => m.createConstraint("posts", "c", options as { check: string }));
  expect(refusal(create({}))).toBe(
    "a constraint must have a check, unique, exclude, foreignKey or primaryKey option",
  );
  expect(refusal(create({ check: "a", exclude: { using: "gist", elements: "a" } }))).toBe(
    "a constraint must not have both check and exclude options",
  );
});

it("87: the prefix is the command's, the run's, the repo's, in this order; two that differ are refused", () => {
  const prefixOf = (prefix: string | undefined, context: Partial<RecordContext>) => {
    const options = prefix === undefined ? {} : { prefix };
    const [op] = forward((m) => m.createTable("posts", (t) => t.id(), options), context);
    return op?.kind === "create_table" ? op.table.prefix : undefined;
  };
  const defaults = { prefix: "repo" };
  expect(prefixOf(undefined, {})).toBeUndefined();
  expect(prefixOf(undefined, { defaults })).toBe("repo");
  expect(prefixOf(undefined, { defaults, prefix: "run" })).toBe("run");
  expect(prefixOf("own", { defaults })).toBe("own");
  expect(prefixOf("run", { defaults, prefix: "run" })).toBe("run");
  expect(refusal(() => prefixOf("foo", { prefix: "bar" }))).toBe(
    "the prefix foo does not match the migrator's prefix bar",
  );
});

const files: { readonly [path: string]: string } = { "up.sql": "SELECT 1", "down.sql": "SELECT 2" };

it("88: execute: SQL, a pair, a file, a pair of files; anything else is refused", () => {
  const operations = forward((m) => {
    m.execute("SELECT 0");
    m.execute("SELECT 1", { down: "SELECT 2" });
    m.executeFile("up.sql");
    m.executeFile("up.sql", { down: "down.sql" });
  });
  expect(readFiles(file, operations, (path) => files[path])).toEqual([
    { kind: "execute", sql: "SELECT 0" },
    { kind: "execute", sql: "SELECT 1", down: "SELECT 2" },
    { kind: "execute", sql: "SELECT 1", from: "up.sql" },
    { kind: "execute", sql: "SELECT 1", down: "SELECT 2", from: "up.sql" },
  ]);
  const keyword = { create: "posts" } as unknown as string;
  expect(refusal(() => forward((m) => m.execute(keyword)))).toBe(
    "execute takes SQL as text, or a query that has compile()",
  );
});

it("89: an operation inside of a table is refused", () => {
  const nested: Change = (m) => m.createTable("posts", () => m.createIndex("posts", ["id"]));
  expect(refusal(() => forward(nested))).toBe(
    "cannot execute nested commands: an operation was recorded inside a table",
  );
});

const irreversible: readonly (readonly [string, Change, string])[] = [
  ["90: SQL", (m) => m.execute("SELECT 1"), 'execute "SELECT 1"'],
  [
    "93: modify without was",
    (m) => m.alterTable("posts", (t) => t.modify("title", "text")),
    "alter table posts",
  ],
  [
    "93: remove without was",
    (m) => m.alterTable("posts", (t) => t.remove("title")),
    "alter table posts",
  ],
  ["97: dropping a table", (m) => m.dropTable("posts"), "drop table posts"],
  [
    "97: dropping a constraint",
    (m) => m.dropConstraint("posts", "cheap"),
    "drop constraint cheap from table posts",
  ],
  [
    "97: dropping a constraint that may not be there",
    (m) => m.dropConstraint("posts", "cheap", { ifExists: true }),
    "drop constraint if exists cheap from table posts",
  ],
];

it.each(irreversible)("%s cannot be undone", (_, change, operation) => {
  const error = refused(() => backward(change));
  expect(error).toMatchObject({ code: "irreversible", details: { operation } });
});

it("91: creating a table is undone by dropping it, if it is there when it was made if it was not", () => {
  const table = { columns: [id], constraints: [] };
  expect(backward((m) => m.createTable("posts", (t) => t.id()))).toEqual([
    { kind: "drop_table", table: posts, was: table },
  ]);
  expect(backward((m) => m.createTable("posts", () => {}, { ifNotExists: true }))).toEqual([
    { kind: "drop_table", table: posts, was: { columns: [], constraints: [] }, ifExists: true },
  ]);
});

it("92: add and modify with was come back in reverse order, with types and options swapped", () => {
  const key = { table: { name: "users" }, column: "id", name: "posts_author_id_fkey" };
  expect(
    backward((m) =>
      m.alterTable("posts", (t) => {
        t.add("summary", "text");
        t.modify("title", "text", { was: "string" });
        t.modify("price", "decimal", { null: true, was: { type: "integer", null: false } });
        t.modify("author_id", "bigint", {
          references: { table: "users" },
          was: { type: "integer", references: { table: "users", onDelete: "cascade" } },
        });
        t.modify("editor_id", "integer", {
          was: { type: "bigint", references: { table: "users" } },
        });
      }),
    ),
  ).toEqual([
    {
      kind: "alter_table",
      table: posts,
      changes: [
        {
          kind: "modify_column",
          column: {
            name: "editor_id",
            type: "bigint",
            references: { ...key, name: "posts_editor_id_fkey" },
          },
          was: { name: "editor_id", type: "integer" },
        },
        {
          kind: "modify_column",
          column: {
            name: "author_id",
            type: "integer",
            references: { ...key, onDelete: "cascade" },
          },
          was: { name: "author_id", type: "bigint", references: key },
        },
        {
          kind: "modify_column",
          column: { name: "price", type: "integer", null: false },
          was: { name: "price", type: "decimal", null: true },
        },
        {
          kind: "modify_column",
          column: { name: "title", type: "string" },
          was: { name: "title", type: "text" },
        },
        { kind: "remove_column", name: "summary", was: { name: "summary", type: "text" } },
      ],
    },
  ]);
});

it("93, ours: null and default need their counterpart in was, so that nothing stays behind", () => {
  const change: Change = (m) =>
    m.alterTable("posts", (t) => t.modify("title", "text", { null: false, was: "string" }));
  expect(refused(() => backward(change)).hint).toBe(
    'Write was: { type: "string", null: … } for column title in m.alterTable("posts", …), or write up(m) and down(m).',
  );
});

it("94 and 95: remove with what it was adds it back, and adding a reference is undone with its key", () => {
  const key = { name: "posts_author_id_fkey", table: { name: "users" }, column: "id" };
  const column = { name: "author_id", type: "bigint", references: key };
  expect(
    backward((m) =>
      m.alterTable("posts", (t) => {
        t.remove("title", { was: { type: "string", null: false } });
        t.remove("author_id", { was: { type: "bigint", references: { table: "users" } } });
      }),
    ),
  ).toMatchObject([
    {
      changes: [
        { kind: "add_column", column },
        { kind: "add_column", column: { name: "title", type: "string", null: false } },
      ],
    },
  ]);
  expect(backward((m) => m.alterTable("posts", (t) => t.references("author_id", "users")))).toEqual(
    [
      {
        kind: "alter_table",
        table: posts,
        changes: [{ kind: "remove_column", name: "author_id", was: column }],
      },
    ],
  );
});

it("96: renames are swapped, and stay in their prefix", () => {
  const table = { name: "posts", prefix: "blog" };
  expect(
    backward((m) => {
      m.renameTable("posts", { to: "articles", prefix: "blog" });
      m.renameColumn("posts", "title", { to: "name", prefix: "blog" });
      m.renameIndex("posts", ["title"], { to: "by_title", prefix: "blog" });
    }),
  ).toEqual([
    { kind: "rename_index", table, index: "by_title", to: "posts_title_index" },
    { kind: "rename_column", table, column: "name", to: "title" },
    { kind: "rename_table", table: { ...table, name: "articles" }, to: "posts" },
  ]);
});

it("98: an index is dropped, dropped if it is there, made again as it was", () => {
  const index = { name: "posts_title_index", table: posts, columns: [{ column: "title" }] };
  expect(
    backward((m) => {
      m.createIndex("posts", ["title"]);
      m.createIndex("posts", ["title"], { ifNotExists: true });
      m.dropIndex("posts", ["title"], { unique: true, concurrently: true });
      m.dropIndex("posts", ["title"], { ifExists: true });
    }),
  ).toEqual([
    { kind: "create_index", index, ifNotExists: true },
    { kind: "create_index", index: { ...index, unique: true, concurrently: true } },
    { kind: "drop_index", index, ifExists: true },
    { kind: "drop_index", index },
  ]);
});

it("99: of a pair the down part runs, of a pair of files too", () => {
  const operations = backward((m) => {
    m.execute("SELECT 1", { down: "SELECT 2" });
    m.executeFile("up.sql", { down: "down.sql" });
  });
  const read = readFiles(file, operations, (path) => files[path]);
  expect(read.map((op) => op.kind === "execute" && op.sql)).toEqual(["SELECT 2", "SELECT 2"]);
});

it("a table without a function is named, whatever stands in its place", () => {
  const none = { primaryKey: false } as unknown as () => void;
  for (const name of ["createTable", "alterTable"] as const)
    for (const given of [none, undefined as unknown as () => void])
      expect(refusal(() => forward((m) => m[name]("posts", given)))).toBe(
        `${name} of table posts needs a function as second argument`,
      );
});

it("111: options of a table are text", () => {
  const list = ["WITHOUT ROWID"] as unknown as string;
  expect(
    refusal(() => forward((m) => m.createTable("posts", (t) => t.id(), { options: list }))),
  ).toBe("the options of table posts must be a string: no database here takes a list");
  const [op] = forward((m) => m.createTable("posts", (t) => t.id(), { options: "STRICT" }));
  expect(op?.kind === "create_table" && sqliteDialect.compile(op)[0]?.sql).toMatch(/\) STRICT$/);
});
