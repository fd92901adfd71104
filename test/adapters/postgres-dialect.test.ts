import { afterAll, describe, expect, it } from "vitest";
import { postgresDialect as dialect } from "../../src/adapters/postgres/dialect.ts";
import { MigrationBuilder } from "../../src/core/language/builder.ts";
import { UnsupportedOperation } from "../../src/core/language/dialect.ts";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { sql } from "../../src/core/model/fragment.ts";
import { openPglite } from "../support/pglite.ts";

type Record = (m: MigrationBuilder) => void;
type Case = readonly [claim: string, record: Record, ...sql: string[]];

/** What stands before each case runs. */
const setup = `
  CREATE SCHEMA app;
  CREATE TABLE users (id bigint PRIMARY KEY, org_id bigint, UNIQUE (id, org_id));
  CREATE TABLE app.users (id bigint PRIMARY KEY);
  CREATE TABLE posts (
    id bigint PRIMARY KEY, title varchar(255) NOT NULL DEFAULT 'x', author_id bigint, tags text[],
    body text, price numeric, during tsrange, starts_at time,
    CONSTRAINT posts_author_id_fkey FOREIGN KEY (author_id) REFERENCES users (id),
    CONSTRAINT price_positive CHECK (price > 0) NOT VALID
  );
  CREATE INDEX posts_body_index ON posts (body);
  CREATE UNIQUE INDEX posts_title_index ON posts (title);
  CREATE INDEX users_name_index ON app.users (id);
  CREATE TYPE mood AS ENUM ('sad', 'happy');
  CREATE SEQUENCE counter;
  CREATE TABLE titles_of (title text);
  CREATE VIEW titles AS SELECT title FROM titles_of;
  CREATE MATERIALIZED VIEW bodies AS SELECT body FROM posts;
`;

const tables: readonly Case[] = [
  [
    "a table",
    (m) =>
      m.createTable("notes", (t) => {
        t.id();
        t.column("title", "string", { null: false, default: "it's" });
        t.references("author_id", "users", { onDelete: "cascade", null: false });
        t.timestamps();
      }),
    `CREATE TABLE "notes" ("id" bigserial, "title" varchar(255) DEFAULT 'it''s' NOT NULL, "author_id" bigint NOT NULL CONSTRAINT "notes_author_id_fkey" REFERENCES "users" ("id") ON DELETE CASCADE, "inserted_at" timestamp(0) NOT NULL, "updated_at" timestamp(0) NOT NULL, PRIMARY KEY ("id"))`,
  ],
  [
    "a table with everything around it",
    (m) =>
      m.createTable("notes", (t) => t.column("a", "text", { comment: "b's" }), {
        prefix: "app",
        ifNotExists: true,
        modifiers: "UNLOGGED",
        options: "WITH (fillfactor = 70)",
        comment: "c",
      }),
    `CREATE UNLOGGED TABLE IF NOT EXISTS "app"."notes" ("a" text) WITH (fillfactor = 70)`,
    `COMMENT ON TABLE "app"."notes" IS 'c'`,
    `COMMENT ON COLUMN "app"."notes"."a" IS 'b''s'`,
  ],
  [
    "a key over two columns, and constraints",
    (m) =>
      m.createTable("notes", (t) => {
        t.column("a", "integer", { primaryKey: true });
        t.column("b", "integer", { primaryKey: true });
        t.check("positive", "a > 0");
        t.unique("b_once", ["b"]);
        t.foreignKey("to_users", {
          columns: ["a", "b"],
          table: "users",
          references: ["id", "org_id"],
        });
      }),
    `CREATE TABLE "notes" ("a" integer, "b" integer, PRIMARY KEY ("a", "b"), CONSTRAINT "positive" CHECK (a > 0), CONSTRAINT "b_once" UNIQUE ("b"), CONSTRAINT "to_users" FOREIGN KEY ("a", "b") REFERENCES "users" ("id", "org_id"))`,
  ],
  [
    "a reference over two columns",
    (m) =>
      m.createTable("notes", (t) => {
        t.references("user_id", "users", {
          with: { org: "org_id" },
          match: "full",
          onUpdate: "set null",
        });
        t.column("org", "bigint");
      }),
    `CREATE TABLE "notes" ("user_id" bigint, "org" bigint, CONSTRAINT "notes_user_id_fkey" FOREIGN KEY ("user_id", "org") REFERENCES "users" ("id", "org_id") MATCH FULL ON UPDATE SET NULL)`,
  ],
  [
    "a reference into a schema, with a list of columns to clear",
    (m) =>
      m.createTable(
        "notes",
        (t) =>
          t.references("user_id", "users", {
            onDelete: { setNull: ["user_id"] },
            deferrable: "initially deferred",
            validate: false,
          }),
        { prefix: "app" },
      ),
    `CREATE TABLE "app"."notes" ("user_id" bigint CONSTRAINT "notes_user_id_fkey" REFERENCES "app"."users" ("id") ON DELETE SET NULL ("user_id") DEFERRABLE INITIALLY DEFERRED)`,
  ],
  [
    "dropping",
    (m) => m.dropTable("posts", { ifExists: true, cascade: true }),
    `DROP TABLE IF EXISTS "posts" CASCADE`,
  ],
  [
    "renaming",
    (m) => m.renameTable("posts", { to: "notes" }),
    `ALTER TABLE "posts" RENAME TO "notes"`,
  ],
  [
    "renaming a column",
    (m) => m.renameColumn("posts", "title", { to: "name" }),
    `ALTER TABLE "posts" RENAME COLUMN "title" TO "name"`,
  ],
  ["a comment", (m) => m.commentOnTable("posts", "a\\b"), `COMMENT ON TABLE "posts" IS E'a\\\\b'`],
  [
    "no comment",
    (m) => m.commentOnColumn("posts", "title", { comment: null }),
    `COMMENT ON COLUMN "posts"."title" IS NULL`,
  ],
];

const columnTypes: readonly (readonly [
  Parameters<ColumnOf>[1],
  Parameters<ColumnOf>[2],
  string,
])[] = [
  ["bigint", {}, "bigint"],
  ["bigserial", {}, "bigserial"],
  ["binary", {}, "bytea"],
  ["boolean", { default: false }, "boolean DEFAULT FALSE"],
  ["citext", {}, "citext"],
  ["char", { size: 3 }, "char(3)"],
  ["date", {}, "date"],
  ["decimal", {}, "numeric"],
  ["decimal", { precision: 8, scale: 2, default: -1.5 }, "numeric(8,2) DEFAULT -1.5"],
  ["duration", { fields: "day to second", precision: 3 }, "interval day to second(3)"],
  ["float", {}, "double precision"],
  ["id", {}, "integer"],
  ["identity", {}, "bigint GENERATED BY DEFAULT AS IDENTITY"],
  [
    "identity",
    { startValue: 5, increment: 2 },
    "bigint GENERATED BY DEFAULT AS IDENTITY (START WITH 5 INCREMENT BY 2)",
  ],
  [
    "integer",
    { generated: "ALWAYS AS (1 + 1) STORED" },
    "integer GENERATED ALWAYS AS (1 + 1) STORED",
  ],
  ["integer[]", { default: [1, 2] }, `integer[] DEFAULT '{"1","2"}'`],
  ["json", { default: [] }, "json DEFAULT '[]'"],
  ["map", { default: { a: "b's" } }, `jsonb DEFAULT '{"a":"b''s"}'`],
  ["naive_datetime", { default: sql`now()` }, "timestamp(0) DEFAULT now()"],
  ["naive_datetime_usec", { precision: 3 }, "timestamp(3)"],
  ["serial", {}, "serial"],
  ["smallint", { null: true }, "smallint NULL"],
  ["string", { size: 40, collation: "C" }, `varchar(40) COLLATE "C"`],
  ["string[]", { default: [`a"b\\`, null] }, `varchar(255)[] DEFAULT E'{"a\\\\"b\\\\\\\\",NULL}'`],
  ["text", { default: null }, "text DEFAULT NULL"],
  ["time", {}, "time(0)"],
  ["time_usec", {}, "time"],
  ["utc_datetime", {}, "timestamp(0)"],
  ["utc_datetime_usec", {}, "timestamp"],
  ["uuid", { default: sql`gen_random_uuid()` }, "uuid DEFAULT gen_random_uuid()"],
];
type ColumnOf = Parameters<Parameters<MigrationBuilder["createTable"]>[1]>[0]["column"];

const changes: readonly Case[] = [
  [
    "all changes in one statement, comments after it",
    (m) =>
      m.alterTable("posts", (t) => {
        t.add("summary", "text", { comment: "short", ifNotExists: true });
        t.references("editor_id", "users");
        t.modify("title", "text", { null: true, default: null });
        t.remove("body", { ifExists: true, cascade: true });
        t.setDefault("price", 5);
        t.dropDefault("author_id");
        t.setNotNull("tags");
        t.dropNotNull("during");
        t.setType("starts_at", "text", { using: "starts_at::text" });
      }),
    `ALTER TABLE "posts" ADD COLUMN IF NOT EXISTS "summary" text, ADD COLUMN "editor_id" bigint CONSTRAINT "posts_editor_id_fkey" REFERENCES "users" ("id"), ALTER COLUMN "title" TYPE text, ALTER COLUMN "title" DROP NOT NULL, ALTER COLUMN "title" DROP DEFAULT, DROP COLUMN IF EXISTS "body" CASCADE, ALTER COLUMN "price" SET DEFAULT 5, ALTER COLUMN "author_id" DROP DEFAULT, ALTER COLUMN "tags" SET NOT NULL, ALTER COLUMN "during" DROP NOT NULL, ALTER COLUMN "starts_at" TYPE text USING starts_at::text`,
    `COMMENT ON COLUMN "posts"."summary" IS 'short'`,
  ],
  [
    "a reference that is not validated",
    (m) => m.alterTable("posts", (t) => t.references("editor_id", "users", { validate: false })),
    `ALTER TABLE "posts" ADD COLUMN "editor_id" bigint, ADD CONSTRAINT "posts_editor_id_fkey" FOREIGN KEY ("editor_id") REFERENCES "users" ("id") NOT VALID`,
  ],
  [
    "another reference in place of the old one",
    (m) =>
      m.alterTable("posts", (t) =>
        t.modify("author_id", "bigserial", {
          references: { table: "users", onDelete: "cascade" },
          was: { type: "bigint", references: { table: "users" } },
        }),
      ),
    `ALTER TABLE "posts" DROP CONSTRAINT "posts_author_id_fkey", ALTER COLUMN "author_id" TYPE bigint, ADD CONSTRAINT "posts_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE CASCADE`,
  ],
  [
    "a primary key",
    (m) => m.alterTable("titles_of", (t) => t.add("id", "bigserial", { primaryKey: true })),
    `ALTER TABLE "titles_of" ADD COLUMN "id" bigserial, ADD PRIMARY KEY ("id")`,
  ],
  [
    "no primary key any more",
    (m) =>
      m.alterTable("posts", (t) =>
        t.modify("id", "bigint", { was: { type: "bigint", primaryKey: true } }),
      ),
    `ALTER TABLE "posts" DROP CONSTRAINT "posts_pkey", ALTER COLUMN "id" TYPE bigint`,
  ],
  [
    "a default that is an array",
    (m) => m.alterTable("posts", (t) => t.setDefault("tags", ["a"], { type: "text[]" })),
    `ALTER TABLE "posts" ALTER COLUMN "tags" SET DEFAULT '{"a"}'`,
  ],
  [
    "a default of null, which is none",
    (m) => m.alterTable("posts", (t) => t.setDefault("title", null)),
    `ALTER TABLE "posts" ALTER COLUMN "title" DROP DEFAULT`,
  ],
  ["nothing", (m) => m.alterTable("posts", () => undefined)],
];

const indexes: readonly Case[] = [
  [
    "an index",
    (m) => m.createIndex("posts", ["author_id"]),
    `CREATE INDEX "posts_author_id_index" ON "posts" ("author_id")`,
  ],
  [
    "an index with everything",
    (m) =>
      m.createIndex(
        "users",
        [
          "id",
          { expression: sql`id % 10`, order: "desc", nulls: "last", operatorClass: "int8_ops" },
        ],
        {
          name: "i",
          prefix: "app",
          unique: true,
          ifNotExists: true,
          only: true,
          using: "btree",
          include: ["id"],
          nullsDistinct: false,
          options: "fillfactor = 50",
          where: sql`id > 0`,
          comment: "c",
        },
      ),
    `CREATE UNIQUE INDEX IF NOT EXISTS "i" ON ONLY "app"."users" USING btree ("id", (id % 10) int8_ops DESC NULLS LAST) INCLUDE ("id") NULLS NOT DISTINCT WITH (fillfactor = 50) WHERE id > 0`,
    `COMMENT ON INDEX "app"."i" IS 'c'`,
  ],
  [
    "a concurrent index",
    (m) => m.createIndex("posts", [sql`lower(body)`], { concurrently: true }),
    `CREATE INDEX CONCURRENTLY "posts_lower_body_index" ON "posts" ((lower(body)))`,
  ],
  [
    "dropping one in a schema",
    (m) => m.dropIndex("users", { name: "users_name_index" }, { prefix: "app", cascade: true }),
    `DROP INDEX "app"."users_name_index" CASCADE`,
  ],
  [
    "dropping one concurrently",
    (m) => m.dropIndex("posts", ["body"], { concurrently: true, ifExists: true }),
    `DROP INDEX CONCURRENTLY IF EXISTS "posts_body_index"`,
  ],
  [
    "renaming",
    (m) => m.renameIndex("posts", ["body"], { to: "b" }),
    `ALTER INDEX "posts_body_index" RENAME TO "b"`,
  ],
];

const constraints: readonly Case[] = [
  [
    "a check that is not validated",
    (m) =>
      m.createConstraint("posts", "cheap", { check: "price < 10", validate: false, comment: "c" }),
    `ALTER TABLE "posts" ADD CONSTRAINT "cheap" CHECK (price < 10) NOT VALID`,
    `COMMENT ON CONSTRAINT "cheap" ON "posts" IS 'c'`,
  ],
  [
    "an exclusion",
    (m) =>
      m.createConstraint("posts", "apart", {
        exclude: { using: "gist", elements: "during WITH &&", where: "price > 1" },
        deferrable: "initially immediate",
      }),
    `ALTER TABLE "posts" ADD CONSTRAINT "apart" EXCLUDE USING gist (during WITH &&) WHERE (price > 1) DEFERRABLE INITIALLY IMMEDIATE`,
  ],
  [
    "a unique one",
    (m) => m.createConstraint("posts", "once", { unique: ["title", "body"], nullsDistinct: false }),
    `ALTER TABLE "posts" ADD CONSTRAINT "once" UNIQUE NULLS NOT DISTINCT ("title", "body")`,
  ],
  [
    "a unique one over an index that is there",
    (m) =>
      m.createConstraint("posts", "once", { unique: ["title"], usingIndex: "posts_title_index" }),
    `ALTER TABLE "posts" ADD CONSTRAINT "once" UNIQUE USING INDEX "posts_title_index"`,
  ],
  [
    "a foreign key",
    (m) =>
      m.createConstraint("posts", "fk", {
        foreignKey: { columns: ["author_id"], table: "users", onDelete: "restrict" },
        validate: false,
      }),
    `ALTER TABLE "posts" ADD CONSTRAINT "fk" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE RESTRICT NOT VALID`,
  ],
  [
    "dropping",
    (m) => m.dropConstraint("posts", "price_positive", { ifExists: true, cascade: true }),
    `ALTER TABLE "posts" DROP CONSTRAINT IF EXISTS "price_positive" CASCADE`,
  ],
  [
    "renaming",
    (m) => m.renameConstraint("posts", "price_positive", { to: "p" }),
    `ALTER TABLE "posts" RENAME CONSTRAINT "price_positive" TO "p"`,
  ],
  [
    "validating",
    (m) => m.validateConstraint("posts", "price_positive"),
    `ALTER TABLE "posts" VALIDATE CONSTRAINT "price_positive"`,
  ],
];

const objects: readonly Case[] = [
  [
    "a schema",
    (m) => m.createSchema("b", { ifNotExists: true }),
    `CREATE SCHEMA IF NOT EXISTS "b"`,
  ],
  ["no schema", (m) => m.dropSchema("app", { cascade: true }), `DROP SCHEMA "app" CASCADE`],
  [
    "an extension",
    (m) =>
      m.createExtension("plpgsql", { ifNotExists: true, schema: "pg_catalog", version: "1.0" }),
    `CREATE EXTENSION IF NOT EXISTS "plpgsql" SCHEMA "pg_catalog" VERSION '1.0'`,
  ],
  [
    "no extension",
    (m) => m.dropExtension("citext", { ifExists: true }),
    `DROP EXTENSION IF EXISTS "citext"`,
  ],
  [
    "another version of an extension",
    (m) => m.updateExtension("plpgsql", { to: "1.0" }),
    `ALTER EXTENSION "plpgsql" UPDATE TO '1.0'`,
  ],
  [
    "an enum",
    (m) => m.createEnum("color", ["red", "it's"]),
    `CREATE TYPE "color" AS ENUM ('red', 'it''s')`,
  ],
  ["no enum", (m) => m.dropEnum("mood"), `DROP TYPE "mood"`],
  [
    "an enum's value",
    (m) => m.addEnumValue("mood", "ok", { before: "happy", ifNotExists: true }),
    `ALTER TYPE "mood" ADD VALUE IF NOT EXISTS 'ok' BEFORE 'happy'`,
  ],
  [
    "an enum's other name",
    (m) => m.renameEnumValue("mood", "sad", { to: "blue" }),
    `ALTER TYPE "mood" RENAME VALUE 'sad' TO 'blue'`,
  ],
  [
    "a sequence",
    (m) =>
      m.createSequence("s", {
        type: "bigint",
        startValue: 5,
        increment: 2,
        minValue: 1,
        maxValue: 9,
        cache: 3,
        cycle: true,
        ownedBy: "users.id",
        prefix: "app",
      }),
    `CREATE SEQUENCE "app"."s" AS bigint INCREMENT BY 2 MINVALUE 1 MAXVALUE 9 START WITH 5 CACHE 3 CYCLE OWNED BY "app"."users"."id"`,
  ],
  [
    "no sequence",
    (m) => m.dropSequence("counter", { ifExists: true }),
    `DROP SEQUENCE IF EXISTS "counter"`,
  ],
  [
    "a view",
    (m) =>
      m.createView(
        "titles",
        { as: "SELECT title FROM titles_of; ", columns: ["title"] },
        { orReplace: true },
      ),
    `CREATE OR REPLACE VIEW "titles" ("title") AS SELECT title FROM titles_of`,
  ],
  [
    "a materialized view",
    (m) =>
      m.createView("v", { as: "SELECT 1 AS one -- x", withData: false }, { materialized: true }),
    `CREATE MATERIALIZED VIEW "v" AS SELECT 1 AS one -- x\nWITH NO DATA`,
  ],
  [
    "no materialized view",
    (m) => m.dropView("bodies", { materialized: true, ifExists: true, cascade: true }),
    `DROP MATERIALIZED VIEW IF EXISTS "bodies" CASCADE`,
  ],
  ["SQL in pieces", (m) => m.execute("SELECT 1; SELECT 2;\n"), "SELECT 1", "SELECT 2"],
  ["nothing", (m) => m.execute(" -- nothing")],
];

const client = await openPglite();
await client.exec(setup);
afterAll(() => client.close());

describe.each([
  ["tables", tables],
  ["changes of tables", changes],
  ["indexes", indexes],
  ["constraints", constraints],
  ["other objects", objects],
])("%s", (_, cases) => {
  for (const [claim, record, ...expected] of cases) {
    it(claim, async () => {
      const statements = compile(record).map((statement) => statement.sql);
      expect(statements).toEqual(expected);
      await accepts(statements);
    });
  }
});

it.each(columnTypes)("a column of type %s with %o", async (type, options, expected) => {
  const statements = compile((m) => m.createTable("notes", (t) => t.column("a", type, options)));
  expect(statements.map((statement) => statement.sql)).toEqual([
    `CREATE TABLE "notes" ("a" ${expected})`,
  ]);
  if (type !== "citext") await accepts(statements.map((statement) => statement.sql));
});

it("SQL with parameters is one statement", () => {
  const query = { compile: () => ({ sql: "DELETE FROM posts WHERE id = $1", parameters: [1] }) };
  expect(compile((m) => m.execute(query))).toEqual([
    { sql: "DELETE FROM posts WHERE id = $1", parameters: [1], policy: { kind: "plain" } },
  ]);
});

const policies: readonly (readonly [string, string, boolean])[] = [
  ["CREATE INDEX CONCURRENTLY i ON posts (id)", "online", true],
  ["create unique index concurrently if not exists i on posts (id)", "online", true],
  ["DROP INDEX CONCURRENTLY i", "online", true],
  ["REINDEX (VERBOSE) TABLE CONCURRENTLY posts", "online", true],
  ["ALTER TABLE posts DETACH PARTITION p CONCURRENTLY", "online", true],
  ["ALTER TABLE posts VALIDATE CONSTRAINT c", "online", false],
  ["ALTER TABLE posts VALIDATE CONSTRAINT c, ADD COLUMN a int", "locking", false],
  ["ALTER TABLE posts ADD COLUMN a int", "locking", false],
  ["ALTER TYPE mood ADD VALUE 'x'", "plain", false],
  ["CREATE INDEX i ON posts (id)", "locking", false],
  ["CREATE TABLE a (id int)", "plain", false],
  ["CREATE TABLE a (id int REFERENCES users)", "locking", false],
  ["CREATE CONSTRAINT TRIGGER t AFTER INSERT ON posts EXECUTE FUNCTION f()", "locking", false],
  ["CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", "plain", false],
  ["DROP TABLE posts", "locking", false],
  ["LOCK TABLE posts", "locking", false],
  ["TRUNCATE posts", "locking", false],
  ["REFRESH MATERIALIZED VIEW v", "locking", false],
  ["REFRESH MATERIALIZED VIEW CONCURRENTLY v", "plain", false],
  ["UPDATE posts SET title = 'DROP TABLE'", "plain", false],
  ["/* VACUUM */ SELECT 1", "plain", false],
  ["VACUUM posts", "plain", true],
  ["VACUUM (FULL) posts", "locking", true],
  ["ALTER SYSTEM SET work_mem = '1MB'", "plain", true],
  ["CREATE DATABASE a", "plain", true],
  ["DROP DATABASE a", "plain", true],
  ["CREATE TABLESPACE t LOCATION '/t'", "plain", true],
  ["ALTER DATABASE a SET TABLESPACE t", "plain", true],
  ["ALTER DATABASE a SET work_mem = '1MB'", "plain", false],
  ["CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p", "plain", true],
  ["CALL p()", "locking", false],
  ["FROBNICATE posts", "locking", false],
  ["DO $$ BEGIN ALTER TABLE posts ADD a int; END $$", "locking", false],
  ["DO $$ BEGIN UPDATE posts SET id = 1; COMMIT; END $$", "plain", true],
  ["DO LANGUAGE plpgsql $x$ BEGIN IF true THEN ROLLBACK; END IF; END $x$", "plain", true],
  [
    "DO $$ BEGIN CREATE TEMP TABLE a () ON COMMIT DROP; PERFORM 'COMMIT;'; END $$",
    "locking",
    false,
  ],
  ["BEGIN; SELECT 1; COMMIT", "plain", true],
  ["SAVEPOINT a; ROLLBACK TO a", "plain", false],
];

it.each(policies)("%s is %s", (text, policy, refuses) => {
  const op: SchemaOperation = { kind: "execute", sql: text };
  expect(dialect.compile(op)[0]?.policy.kind).toBe(policy);
  expect(dialect.refusesTransaction(op)).toBe(refuses);
});

it("operations are treated like the SQL that they become", () => {
  for (const [, record] of [...tables, ...changes, ...indexes, ...constraints, ...objects]) {
    for (const statement of compile(record)) {
      const raw = dialect.compile({ kind: "execute", sql: statement.sql });
      expect({ sql: statement.sql, policy: raw[0]?.policy }).toEqual({
        sql: statement.sql,
        policy: statement.policy,
      });
    }
  }
});

const unsupported: readonly (readonly [string, Record])[] = [
  [
    "drop the index i both concurrently and cascading",
    (m) => m.dropIndex("posts", { name: "i" }, { concurrently: true, cascade: true }),
  ],
  [
    "check a foreign key with MATCH PARTIAL",
    (m) => m.createTable("a", (t) => t.references("b", "users", { match: "partial" })),
  ],
  [
    "set only some columns of a foreign key on update",
    (m) => m.createTable("a", (t) => t.references("b", "users", { onUpdate: { setNull: ["b"] } })),
  ],
  [
    "add the unique constraint u unvalidated",
    // @ts-expect-error: only checks and foreign keys
    (m) => m.createConstraint("posts", "u", { unique: ["id"], validate: false }),
  ],
  [
    "defer the check constraint c",
    // @ts-expect-error: not a check
    (m) => m.createConstraint("posts", "c", { check: "true", deferrable: "initially deferred" }),
  ],
  [
    "make the existing column id a generated one",
    (m) =>
      m.alterTable("posts", (t) => t.modify("id", "integer", { generated: "ALWAYS AS IDENTITY" })),
  ],
  [
    "replace the materialized view v",
    (m) => m.createView("v", { as: "SELECT 1" }, { materialized: true, orReplace: true }),
  ],
  [
    "store text with a NUL character or half of a surrogate pair",
    (m) => m.commentOnTable("posts", "a\0b"),
  ],
  [
    "use the option size of column a",
    (m) => m.createTable("a", (t) => t.column("a", "text", { size: 9 })),
  ],
  [
    "use the option precision of column a",
    (m) => m.createTable("a", (t) => t.column("a", "time", { precision: 3 })),
  ],
  [
    "use the option fields of column a",
    (m) => m.createTable("a", (t) => t.column("a", "tsvector", { fields: "day" })),
  ],
  [
    "use the option startValue of column a",
    (m) => m.createTable("a", (t) => t.column("a", "bigint", { startValue: 5 })),
  ],
  [
    "use the option after of column a",
    (m) => m.alterTable("posts", (t) => t.add("a", "text", { after: "title" })),
  ],
  ["use the option engine of table a", (m) => m.createTable("a", (t) => t.id(), { engine: "x" })],
  [
    "use the option withData of view v",
    (m) => m.createView("v", { as: "SELECT 1", withData: true }),
  ],
  [
    "tell whether the default of column tags is an array or JSON",
    (m) => m.alterTable("posts", (t) => t.setDefault("tags", [])),
  ],
  ["read line 2 of the SQL: ", (m) => m.execute("SELECT 1;\nSELECT 'a")],
];

it.each(unsupported)("PostgreSQL cannot %s", (operation, record) => {
  const found = catching(() => compile(record));
  expect(found).toBeInstanceOf(UnsupportedOperation);
  expect(found).toMatchObject({
    operation: expect.stringContaining(operation),
    hint: expect.stringMatching(/\.$/),
  });
});

const literals: readonly (readonly [unknown, string])[] = [
  [null, "NULL"],
  [undefined, "NULL"],
  [true, "TRUE"],
  [-1.5, "-1.5"],
  [1e21, "1e+21"],
  [Number.NaN, "'NaN'::float8"],
  [9007199254740993n, "9007199254740993"],
  ["it's", "'it''s'"],
  ["a\\'b", "E'a\\\\''b'"],
  [new Date(0), "'1970-01-01T00:00:00.000Z'"],
  [new Uint8Array([1, 255]), "E'\\\\x01ff'::bytea"],
  [{ a: ["'"] }, `'{"a":["''"]}'::jsonb`],
  [[], "'{}'"],
  [["a", null], "ARRAY['a', NULL]"],
  [sql`now()`, "now()"],
];

it.each(literals)("the literal of %o is %s", async (value, expected) => {
  expect(dialect.literal(value)).toBe(expected);
  await client.exec(`SELECT ${expected}`);
});

it("quotes names with quotes in them", () => {
  expect(dialect.quoteNamed({ prefix: 'a"b', name: "c" })).toBe(`"a""b"."c"`);
});

it("refuses a file that nobody has read", () => {
  expect(() => dialect.compile({ kind: "execute_file", path: "a.sql" })).toThrow(
    "a.sql must be read",
  );
});

it("gives text, the time and how long it took as SQL", async () => {
  const { castToText, utcNow, elapsedMs } = dialect;
  const { rows } = await client.query(
    `SELECT ${castToText("1")} AS text, pg_typeof(${utcNow})::text AS now, ${elapsedMs} >= 0 AS elapsed`,
  );
  expect(rows).toEqual([{ text: "1", now: "timestamp without time zone", elapsed: true }]);
});

function compile(record: Record) {
  const { identifierLimit } = dialect;
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  record(m);
  return m
    .build()
    .flatMap((op) => (op.kind === "run" || op.kind === "safely" ? [] : dialect.compile(op)));
}

/** A real PostgreSQL takes them; it is as before afterwards. */
async function accepts(statements: readonly string[]): Promise<void> {
  await client.exec("BEGIN");
  try {
    for (const text of statements) await client.exec(text.replace(" CONCURRENTLY", ""));
  } finally {
    await client.exec("ROLLBACK");
  }
}

function catching(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

it("makes both of two constraints that are unique over the same, which CREATE TABLE would make one", async () => {
  const client = await openPglite();
  const unique = (name: string) => ({ kind: "unique", name, columns: ["a"] }) as const;
  const columns = [{ name: "a", type: "text" }] as const;
  const definition = { columns, constraints: [unique("one"), unique("two")] };
  for (const { sql } of dialect.compile({
    kind: "create_table",
    table: { name: "twice" },
    definition,
  }))
    await client.exec(sql);
  const { rows } = await client.query(
    "select conname from pg_constraint where conrelid = 'twice'::regclass and contype = 'u' order by 1",
  );
  expect(rows).toEqual([{ conname: "one" }, { conname: "two" }]);
  await client.close();
});
