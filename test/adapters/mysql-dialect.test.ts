/** What MySQL and MariaDB are told, and what each version is not asked for. Runs without a server. */
import { describe, expect, it } from "vitest";
import { mysqlDialect } from "../../src/adapters/mysql/dialect.ts";
import { type MysqlServer, readServer } from "../../src/adapters/mysql/server.ts";
import { MigrationBuilder } from "../../src/core/language/builder.ts";
import { UnsupportedOperation } from "../../src/core/language/dialect.ts";
import { sql } from "../../src/core/model/fragment.ts";
import type { Statement } from "../../src/core/model/statement.ts";

type Change = (m: MigrationBuilder) => void;

const mysql8 = readServer("8.0.40");
const mysql57 = readServer("5.7.44-log");
const mariadb = readServer("10.11.6-MariaDB-0+deb12u1");
const mariadb105 = readServer("5.5.5-10.5.1-MariaDB");

const spelled: readonly (readonly [claim: string, MysqlServer, Change, ...sql: string[]])[] = [
  [
    "a table",
    mysql8,
    (m) =>
      m.createTable(
        "posts",
        (t) => {
          t.id();
          t.column("title", "string", { null: false, default: "it's \\ new", comment: "a\\b's" });
          t.column("body", "text", { default: "x" });
          t.column("key", "uuid", { default: sql`uuid_to_bin(uuid())` });
          t.column("at", "utc_datetime_usec", { default: sql`CURRENT_TIMESTAMP(6)` });
          t.references("author_id", "users", { onDelete: "cascade", null: false });
          t.unique("posts_title", ["title"]);
        },
        { comment: "c", options: "ROW_FORMAT = DYNAMIC", ifNotExists: true, prefix: "app" },
      ),
    "CREATE TABLE IF NOT EXISTS `app`.`posts` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `title` varchar(255) NOT NULL DEFAULT 'it''s \\\\ new' COMMENT 'a\\\\b''s', `body` text DEFAULT ('x'), `key` binary(16) DEFAULT (uuid_to_bin(uuid())), `at` datetime(6) DEFAULT CURRENT_TIMESTAMP(6), `author_id` bigint unsigned NOT NULL, PRIMARY KEY (`id`), CONSTRAINT `posts_author_id_fkey` FOREIGN KEY (`author_id`) REFERENCES `app`.`users` (`id`) ON DELETE CASCADE, CONSTRAINT `posts_title` UNIQUE (`title`)) ENGINE = INNODB COMMENT = 'c' ROW_FORMAT = DYNAMIC",
  ],
  [
    "types",
    mariadb,
    (m) =>
      m.createTable("all", (t) => {
        t.id({ type: "identity", startValue: 100 });
        t.column("a", "id");
        t.column("b", "binary");
        t.column("c", "binary", { size: 16 });
        t.column("d", "float");
        t.column("e", "map");
        t.column("f", "decimal", { precision: 10, scale: 2 });
        t.column("g", "time_usec");
        t.column("h", "naive_datetime");
        t.column("i", "uuid");
        t.column("j", "boolean", { default: true });
        t.column("k", "enum('a', 'b')");
        t.column("l", "char", { size: 3, collation: "utf8mb4_bin" });
      }),
    "CREATE TABLE `all` (`id` bigint unsigned NOT NULL AUTO_INCREMENT, `a` int, `b` blob, `c` varbinary(16), `d` double, `e` json, `f` decimal(10,2), `g` time(6), `h` datetime, `i` uuid, `j` boolean DEFAULT TRUE, `k` enum('a', 'b'), `l` char(3) COLLATE `utf8mb4_bin`, PRIMARY KEY (`id`)) ENGINE = INNODB AUTO_INCREMENT = 100",
  ],
  [
    "113: a column with its comment behind another one",
    mysql8,
    (m) => m.alterTable("posts", (t) => t.add("a", "string", { comment: "b's", after: "title" })),
    "ALTER TABLE `posts` ADD COLUMN `a` varchar(255) COMMENT 'b''s' AFTER `title`",
  ],
  [
    "all changes of a table at once",
    mysql8,
    (m) =>
      m.alterTable("posts", (t) => {
        t.add("a", "integer");
        t.setDefault("b", 1);
        t.setDefault("c", sql`uuid()`);
        t.dropDefault("d");
        t.remove("author_id", { was: { type: "bigint", references: { table: "users" } } });
      }),
    "ALTER TABLE `posts` ADD COLUMN `a` int, ALTER COLUMN `b` SET DEFAULT 1, ALTER COLUMN `c` SET DEFAULT (uuid()), ALTER COLUMN `d` DROP DEFAULT, DROP FOREIGN KEY `posts_author_id_fkey`, DROP COLUMN `author_id`",
  ],
  [
    "what is restated of a column, and what is looked up",
    mysql8,
    (m) =>
      m.alterTable("posts", (t) => {
        t.setNotNull("title");
        t.setType("title", "text");
      }),
    "ALTER TABLE `posts` MODIFY COLUMN `title` text NOT NULL /* and the rest as it is */",
  ],
  [
    "a foreign key that goes before its column changes",
    mysql8,
    (m) =>
      m.alterTable("posts", (t) =>
        t.modify("author_id", "bigint", {
          references: { table: "users", onDelete: "set null" },
          was: { type: "integer", references: { table: "users" } },
        }),
      ),
    "ALTER TABLE `posts` DROP FOREIGN KEY `posts_author_id_fkey`",
    "ALTER TABLE `posts` MODIFY COLUMN `author_id` bigint unsigned /* and the rest as it is */, ADD CONSTRAINT `posts_author_id_fkey` FOREIGN KEY (`author_id`) REFERENCES `users` (`id`) ON DELETE SET NULL",
  ],
  [
    "changes of what may be there or not",
    mariadb,
    (m) => {
      m.alterTable("posts", (t) => {
        t.add("a", "integer", { ifNotExists: true });
        t.remove("b", { ifExists: true });
      });
      m.dropConstraint("posts", "c", { ifExists: true });
      m.createIndex("posts", ["a"], { ifNotExists: true });
      m.dropIndex("posts", ["a"], { ifExists: true });
    },
    "ALTER TABLE `posts` ADD COLUMN IF NOT EXISTS `a` int, DROP COLUMN IF EXISTS `b`",
    "ALTER TABLE `posts` DROP CONSTRAINT IF EXISTS `c`",
    "CREATE INDEX IF NOT EXISTS `posts_a_index` ON `posts` (`a`)",
    "ALTER TABLE `posts` DROP INDEX IF EXISTS `posts_a_index`",
  ],
  [
    "names",
    mysql8,
    (m) => {
      m.renameTable("posts", { to: "articles", prefix: "app" });
      m.renameColumn("posts", "a", { to: "we`ird" });
      m.renameIndex("posts", ["a"], { to: "b" });
    },
    "ALTER TABLE `app`.`posts` RENAME TO `app`.`articles`",
    "ALTER TABLE `posts` RENAME COLUMN `a` TO `we``ird`",
    "ALTER TABLE `posts` RENAME INDEX `posts_a_index` TO `b`",
  ],
  [
    "indexes",
    mysql8,
    (m) => {
      m.createIndex("posts", ["a"], { concurrently: true, unique: true, comment: "c" });
      m.createIndex("posts", [{ column: "a", order: "desc" }, sql`lower(b)`, sql`c(10)`], {
        name: "i",
        using: "btree",
      });
      m.createIndex("posts", ["body"], { using: "fulltext" });
      m.dropIndex("posts", ["a"], { concurrently: true });
    },
    "CREATE UNIQUE INDEX `posts_a_index` ON `posts` (`a`) COMMENT 'c' ALGORITHM = INPLACE LOCK = NONE",
    "CREATE INDEX `i` USING BTREE ON `posts` (`a` DESC, (lower(b)), c(10))",
    "CREATE FULLTEXT INDEX `posts_body_index` ON `posts` (`body`)",
    "ALTER TABLE `posts` DROP INDEX `posts_a_index`, ALGORITHM = INPLACE, LOCK = NONE",
  ],
  [
    "constraints on MySQL",
    mysql8,
    (m) => {
      m.createConstraint("posts", "c", { check: "a > 0", validate: false });
      m.validateConstraint("posts", "c");
      m.dropConstraint("posts", "c", { was: { check: "a > 0" } });
      m.dropConstraint("posts", "d", { was: { unique: ["a"] } });
      m.dropConstraint("posts", "e", { was: { primaryKey: ["a"] } });
      m.dropConstraint("posts", "f", { was: { foreignKey: { columns: ["a"], table: "b" } } });
      m.dropConstraint("posts", "g");
      m.createConstraint("posts", "h", { primaryKey: ["a", "b"] });
    },
    "ALTER TABLE `posts` ADD CONSTRAINT `c` CHECK (a > 0) NOT ENFORCED",
    "ALTER TABLE `posts` ALTER CHECK `c` ENFORCED",
    "ALTER TABLE `posts` DROP CHECK `c`",
    "ALTER TABLE `posts` DROP INDEX `d`",
    "ALTER TABLE `posts` DROP PRIMARY KEY",
    "ALTER TABLE `posts` DROP FOREIGN KEY `f`",
    "ALTER TABLE `posts` DROP CONSTRAINT `g`",
    "ALTER TABLE `posts` ADD PRIMARY KEY (`a`, `b`)",
  ],
  [
    "a check goes on MariaDB",
    mariadb,
    (m) => m.dropConstraint("posts", "c", { was: { check: "a > 0" } }),
    "ALTER TABLE `posts` DROP CONSTRAINT `c`",
  ],
  [
    "schemas, views and sequences",
    mariadb,
    (m) => {
      m.createSchema("app", { ifNotExists: true });
      m.dropSchema("app");
      m.createView("v", { as: "select 1;", columns: ["a"] }, { orReplace: true });
      m.dropView("v", { ifExists: true });
      m.createSequence("s", { startValue: 5, increment: 2, cache: 9, cycle: true });
      m.dropSequence("s");
    },
    "CREATE DATABASE IF NOT EXISTS `app`",
    "DROP DATABASE `app`",
    "CREATE OR REPLACE VIEW `v` (`a`) AS select 1",
    "DROP VIEW IF EXISTS `v`",
    "CREATE SEQUENCE `s` INCREMENT BY 2 START WITH 5 CACHE 9 CYCLE",
    "DROP SEQUENCE `s`",
  ],
  [
    "comments",
    mysql8,
    (m) => {
      m.commentOnTable("posts", null);
      m.commentOnColumn("posts", "a", { comment: "b's" });
    },
    "ALTER TABLE `posts` COMMENT = ''",
    "ALTER TABLE `posts` MODIFY COLUMN `a` /* its type */ COMMENT 'b''s' /* and the rest as it is */",
  ],
  [
    "text where a backslash is a character like any other",
    readServer("8.4.0", { sqlMode: "ANSI_QUOTES,NO_BACKSLASH_ESCAPES" }),
    (m) => m.createTable("posts", (t) => t.column("a", "string", { default: "a\\'" })),
    "CREATE TABLE `posts` (`a` varchar(255) DEFAULT 'a\\''') ENGINE = INNODB",
  ],
  [
    "SQL of a user's own, one by one",
    mysql8,
    (m) => m.execute("INSERT INTO a VALUES ('x;'); -- done\nDROP TABLE a"),
    "INSERT INTO a VALUES ('x;')",
    "DROP TABLE a",
  ],
];

describe("spells", () => {
  it.for(spelled)("%s", ([, server, change, ...expected]) => {
    expect(compile(server, change).map((statement) => statement.sql)).toEqual(expected);
  });
});

const refused: readonly (readonly [operation: string, MysqlServer, Change])[] = [
  ["store the list tags", mysql8, column("tags", "string[]")],
  ["option size of column n", mysql8, column("n", "integer", { size: 11 })],
  ["option startValue of column n", mysql8, column("n", "bigint", { startValue: 5 })],
  ["store the duration took", mysql8, column("took", "duration")],
  ["count in the column n", mysql8, column("n", "bigserial")],
  ["count by 2 in the column id", mysql8, table((t) => t.id({ type: "identity", increment: 2 }))],
  [
    "generate the column a as an",
    mysql8,
    column("a", "bigint", { generated: "ALWAYS AS IDENTITY" }),
  ],
  [
    "make the generated column a not null",
    mariadb,
    column("a", "bigint", { generated: "ALWAYS AS (1) STORED", null: false }),
  ],
  ["give the text column a a default", mysql57, column("a", "text", { default: "b" })],
  ["create the table posts without columns", mysql8, table(() => undefined)],
  ["put the column a of a new table after b", mysql8, column("a", "text", { after: "b" })],
  [
    "create the unlogged table posts",
    mysql8,
    (m) => m.createTable("posts", (t) => t.id(), { modifiers: "UNLOGGED" }),
  ],
  ["cascade of drop table", mysql8, (m) => m.dropTable("posts", { cascade: true })],
  ["cascade of drop schema", mysql8, (m) => m.dropSchema("app", { cascade: true })],
  ["rename the column a", mysql57, (m) => m.renameColumn("posts", "a", { to: "b" })],
  ["rename the column a", mariadb105, (m) => m.renameColumn("posts", "a", { to: "b" })],
  ["rename the index a", mariadb105, (m) => m.renameIndex("posts", "a", { to: "b" })],
  ["rename the constraint a", mysql8, (m) => m.renameConstraint("posts", "a", { to: "b" })],
  ["column a if it is not there", mysql8, alter((t) => t.add("a", "text", { ifNotExists: true }))],
  ["column a if it is there", mysql8, alter((t) => t.remove("a", { ifExists: true }))],
  ["cascade of remove column a", mysql8, alter((t) => t.remove("a", { cascade: true }))],
  ["using of set the type of a", mysql8, alter((t) => t.setType("a", "text", { using: "b" }))],
  ["depending on whether it exists", mysql8, index({ ifNotExists: true })],
  ["option where", mariadb, index({ where: "a > 0" })],
  ["option include", mariadb, index({ include: ["b"] })],
  ["option only", mariadb, index({ only: true })],
  ["option options", mariadb, index({ options: "fillfactor = 50" })],
  ["take nulls as equal", mysql8, index({ unique: true, nullsDistinct: false })],
  ["while others write", mysql8, index({ using: "fulltext", concurrently: true })],
  ["on an expression", mariadb, (m) => m.createIndex("posts", [sql`lower(a)`], { name: "i" })],
  ["on an expression", mysql57, (m) => m.createIndex("posts", [sql`lower(a)`], { name: "i" })],
  ["descending", mysql57, (m) => m.createIndex("posts", [{ column: "a", order: "desc" }])],
  ["option nulls", mysql8, (m) => m.createIndex("posts", [{ column: "a", nulls: "last" }])],
  ["operatorClass", mysql8, (m) => m.createIndex("posts", [{ column: "a", operatorClass: "b" }])],
  ["add the check constraint c", mysql57, constrain({ check: "a > 0" })],
  ["c unvalidated", mariadb, constrain({ check: "a > 0", validate: false })],
  ["validate the constraint c", mariadb, (m) => m.validateConstraint("posts", "c")],
  ["exclude constraint c", mysql8, constrain({ exclude: { using: "gist", elements: "a" } })],
  ["comment of the unique constraint c", mysql8, constrain({ unique: ["a"], comment: "b" })],
  ["deferrable", mysql8, constrain({ unique: ["a"], deferrable: "initially deferred" })],
  ["without knowing its kind", mysql57, (m) => m.dropConstraint("posts", "c")],
  ["set the default of", mysql8, refers({ onDelete: "set default" })],
  ["set only some columns of", mysql8, refers({ onDelete: { setNull: ["a"] } })],
  ["with MATCH FULL", mysql8, refers({ match: "full" })],
  ["unvalidated", mysql8, alter((t) => t.references("a", "users", { validate: false }))],
  ["have the extension citext", mysql8, (m) => m.createExtension("citext")],
  ["have the enum mood", mysql8, (m) => m.createEnum("mood", ["sad"])],
  ["have the sequence s", mysql8, (m) => m.createSequence("s")],
  ["option ownedBy", mariadb, (m) => m.createSequence("s", { ownedBy: "a.b" })],
  ["materialized view v", mysql8, (m) => m.createView("v", { as: "a" }, { materialized: true })],
  ["change the database", mysql8, (m) => m.execute("USE app")],
  ["read line 2 of the SQL", mysql8, (m) => m.execute("SELECT 1;\nSELECT 'a")],
];

describe("refuses by name", () => {
  it.each(refused)("%s", (operation, server, change) => {
    let found: unknown;
    try {
      compile(server, change);
    } catch (error) {
      found = error;
    }
    expect(found).toBeInstanceOf(UnsupportedOperation);
    expect(found).toMatchObject({
      operation: expect.stringContaining(operation),
      hint: expect.stringMatching(/\.$|do it\.$/),
    });
  });

  it("and says which version can do it", () => {
    expect(() => compile(mysql57, constrain({ check: "a > 0" }))).toThrow(
      expect.objectContaining({ hint: "Leave it out. MySQL 8.0.16 and newer can do it." }),
    );
  });
});

const literals: readonly (readonly [unknown, string])[] = [
  [null, "NULL"],
  [true, "TRUE"],
  [-1.5, "-1.5"],
  [9007199254740993n, "9007199254740993"],
  ["it's", "'it''s'"],
  ["a\\'é", "_utf8mb4 x'615c27c3a9'"],
  [new Date(0), "'1970-01-01 00:00:00.000'"],
  [new Uint8Array([1, 255]), "x'01ff'"],
  [{ a: "b's" }, `'{"a":"b''s"}'`],
  [["a"], `'["a"]'`],
  [sql`now()`, "now()"],
];

it.each(literals)("the literal of %o is %s", (value, expected) => {
  expect(mysqlDialect(mysql8).literal(value)).toBe(expected);
});

const treated: readonly (readonly [string, Partial<Statement>])[] = [
  ["ALTER TABLE a ADD COLUMN b int", { policy: { kind: "locking" }, alone: true }],
  [
    "CREATE INDEX a ON b (c) ALGORITHM=INPLACE LOCK=NONE",
    { policy: { kind: "online" }, alone: true },
  ],
  ["UPDATE a SET b = 1", { policy: { kind: "plain" } }],
  ["SET foreign_key_checks = 0", { policy: { kind: "plain" }, probe: { kind: "setting" } }],
];

it.each(treated)("%s is treated as %o", (text, expected) => {
  const [{ sql: _, ...found } = {}] = compile(mysql8, (m) => m.execute(text));
  expect(found).toMatchObject(expected);
  expect("alone" in found).toBe("alone" in expected);
});

it("gives a connection back the settings that it began with", () => {
  const dialect = mysqlDialect(readServer("8.4.0", { sqlMode: "ANSI_QUOTES" }));
  expect(dialect.resetSettings).toEqual([
    "SET SESSION sql_mode = 'ANSI_QUOTES', foreign_key_checks = DEFAULT, unique_checks = DEFAULT",
  ]);
});

it("a transaction of a file's own counts only when nothing in it commits", () => {
  const boundaries = (text: string) =>
    compile(mysql8, (m) => m.execute(text)).map(({ boundary }) => boundary);
  expect(boundaries("BEGIN; UPDATE a SET b = 1; COMMIT")).toEqual(["begin", undefined, "end"]);
  expect(boundaries("BEGIN; DROP TABLE a; COMMIT; UPDATE b SET c = 1")).toEqual([
    undefined,
    undefined,
  ]);
});

function compile(server: MysqlServer, change: Change): readonly Statement[] {
  const dialect = mysqlDialect(server);
  const { identifierLimit } = dialect;
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  change(m);
  return m
    .build()
    .flatMap((op) => (op.kind === "run" || op.kind === "safely" ? [] : dialect.compile(op)));
}

function table(define: Parameters<MigrationBuilder["createTable"]>[1]): Change {
  return (m) => m.createTable("posts", define);
}

type TableBuilder = Parameters<Parameters<MigrationBuilder["createTable"]>[1]>[0];

function column(...given: Parameters<TableBuilder["column"]>): Change {
  return table((t) => t.column(...given));
}

function refers(options: Parameters<TableBuilder["references"]>[2]): Change {
  return table((t) => t.references("a", "users", options));
}

function alter(change: Parameters<MigrationBuilder["alterTable"]>[1]): Change {
  return (m) => m.alterTable("posts", change);
}

function index(options: Parameters<MigrationBuilder["createIndex"]>[2]): Change {
  return (m) => m.createIndex("posts", ["a"], options);
}

function constrain(options: Parameters<MigrationBuilder["createConstraint"]>[2]): Change {
  return (m) => m.createConstraint("posts", "c", options);
}
