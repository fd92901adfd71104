/** The safe forms in TypeScript that findings give are ones that can be recorded. */
import { expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import { MigrationBuilder } from "../../src/core/language/builder.ts";
import { judge } from "../../src/core/safety/rules/judge.ts";

const parser = await neededParser("the test");
const schema = `CREATE TABLE users (id bigint PRIMARY KEY, name text, boss bigint);
CREATE INDEX users_boss ON users (boss);
CREATE SCHEMA old; CREATE TABLE old.users (id bigint PRIMARY KEY, name text, boss bigint, code int UNIQUE);
CREATE TABLE posts (id bigint PRIMARY KEY, views integer DEFAULT -1 NOT NULL, code text DEFAULT '5'::text, at timestamptz DEFAULT now());
CREATE UNIQUE INDEX posts_views_index ON posts (views); CREATE INDEX posts_at ON posts (at) WHERE at IS NOT NULL;`;

const cases: readonly (readonly [string, string])[] = [
  [
    "CREATE INDEX users_name_index ON users (name)",
    'm.createIndexConcurrently("users", ["name"]);',
  ],
  [
    "CREATE UNIQUE INDEX x ON old.users (name, id)",
    'm.createIndexConcurrently("users", ["name", "id"], { name: "x", unique: true, prefix: "old" });',
  ],
  ["DROP INDEX users_boss", 'm.dropIndexConcurrently("users", { name: "users_boss" });'],
  ["ALTER TABLE users ADD CHECK (id > 0)", 'm.addCheck("users", "users_id_check", "id > 0");'],
  [
    "ALTER TABLE users ADD CONSTRAINT users_boss_fkey FOREIGN KEY (boss) REFERENCES users (id)",
    'm.addForeignKey("users", { columns: ["boss"], table: "users" });',
  ],
  [
    "ALTER TABLE old.users ADD CONSTRAINT f FOREIGN KEY (boss) REFERENCES old.users (code)",
    'm.addForeignKey("users", { columns: ["boss"], table: "users", references: ["code"], name: "f", prefix: "old" });',
  ],
  [
    "ALTER TABLE users ADD CONSTRAINT u UNIQUE (name)",
    'm.addUniqueConstraint("users", ["name"], { name: "u" });',
  ],
  [
    "ALTER TABLE old.users ALTER COLUMN name SET NOT NULL",
    'm.setNotNullSafely("users", "name", { prefix: "old" });',
  ],
  [
    "ALTER TABLE users ALTER COLUMN boss TYPE integer",
    'm.changeTypeSafely("users", "boss", "integer", { indexes: [{ columns: ["boss"], name: "users_boss" }], was: "bigint" });',
  ],
  [
    "ALTER TABLE old.users ALTER COLUMN code TYPE bigint",
    'm.changeTypeSafely("users", "code", "bigint", { was: "integer", prefix: "old" });',
  ],
  [
    "ALTER TABLE posts ALTER COLUMN views TYPE bigint",
    'm.changeTypeSafely("posts", "views", "bigint", { null: false, default: -1, indexes: [{ columns: ["views"], unique: true }], was: { type: "integer", null: false, default: -1 } });',
  ],
  [
    "ALTER TABLE posts ALTER COLUMN code TYPE char(3)",
    'm.changeTypeSafely("posts", "code", "char(3)", { default: "5", was: { type: "text", default: "5" } });',
  ],
  [
    "ALTER TABLE posts ALTER COLUMN at TYPE date",
    'm.changeTypeSafely("posts", "at", "date", { was: "timestamptz" });',
  ],
  ["ALTER TABLE users DROP COLUMN name", 'm.dropColumnSafely("users", "name");'],
  [
    "ALTER TABLE old.users RENAME COLUMN name TO called",
    'm.renameColumnSafely("users", "name", { to: "called", prefix: "old" });',
  ],
  ["ALTER TABLE users RENAME TO people", 'm.renameTableSafely("users", { to: "people" });'],
];

it.each(cases)("%s", (sql, wanted) => {
  const script = { name: "x", statements: parser.statements(sql), inTransaction: false };
  const base = parser.statements(schema);
  const found = judge([script], { ...parser, base, server: { major: 18 } });
  const [call, ...more] = found.flatMap(({ safe }) => safe?.dsl ?? []);
  expect([call, more]).toEqual([wanted, []]);
  const m = new MigrationBuilder({
    direction: "up",
    identifierLimit: { length: 63, unit: "bytes" },
    defaults: {},
  });
  new Function("m", call ?? "")(m);
  expect(m.build()).toHaveLength(1);
});
