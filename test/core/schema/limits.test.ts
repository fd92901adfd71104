/** Names within the limit of a database: a default name is shortened, a given one is refused. */
import { describe, expect, it } from "vitest";
import { MigrationBuilder } from "../../../src/core/language/builder.ts";
import { InvalidOperation } from "../../../src/core/language/defaults.ts";
import type { IdentifierLimit } from "../../../src/core/language/names.ts";

const postgres: IdentifierLimit = { length: 63, unit: "bytes" };
const mysql: IdentifierLimit = { length: 64, unit: "characters" };

function record(change: (m: MigrationBuilder) => void, identifierLimit = postgres) {
  const m = new MigrationBuilder({ direction: "up", identifierLimit, defaults: {} });
  change(m);
  return m.build();
}

const long = "x".repeat(64);

const refused: readonly (readonly [string, (m: MigrationBuilder) => void])[] = [
  ["a table", (m) => m.createTable(long, (t) => t.id())],
  ["a prefix", (m) => m.createTable("posts", (t) => t.id(), { prefix: long })],
  ["a column", (m) => m.createTable("posts", (t) => t.column(long, "text"))],
  ["a table's new name", (m) => m.renameTable("posts", { to: long })],
  ["a column's new name", (m) => m.renameColumn("posts", "title", { to: long })],
  ["an index", (m) => m.createIndex("posts", ["title"], { name: long })],
  ["an index's new name", (m) => m.renameIndex("posts", ["title"], { to: long })],
  ["a constraint", (m) => m.createConstraint("posts", long, { check: "true" })],
  ["a constraint's old name", (m) => m.renameConstraint("posts", long, { to: "b" })],
  ["a constraint's new name", (m) => m.renameConstraint("posts", "a", { to: long })],
  [
    "a foreign key",
    (m) => m.createTable("posts", (t) => t.references("a", "users", { name: long })),
  ],
  ["a value of an enum", (m) => m.createEnum("mood", ["sad", long])],
  ["a value added to an enum", (m) => m.addEnumValue("mood", long)],
  ["the new name of a value", (m) => m.renameEnumValue("mood", "sad", { to: long })],
  ["a schema", (m) => m.createSchema(long)],
  ["a sequence", (m) => m.createSequence(long)],
  ["a view", (m) => m.createView(long, { as: "SELECT 1" })],
];

describe("a given name that is too long is refused", () => {
  it.each(refused)("%s", (_, change) => {
    expect(() => record(change)).toThrow(
      new InvalidOperation(`the name ${long} is longer than 63 bytes`, {
        hint: "Give it a shorter name.",
      }),
    );
    expect(() => record(change, mysql)).not.toThrow();
  });
});

it("PostgreSQL counts bytes, MySQL characters", () => {
  const umlauts = "ü".repeat(40);
  expect(() => record((m) => m.createEnum("mood", [umlauts]))).toThrow("longer than 63 bytes");
  expect(() => record((m) => m.createTable(umlauts, (t) => t.id()), mysql)).not.toThrow();
});

it("an empty value of an enum is a value, an empty name is none", () => {
  expect(() => record((m) => m.createEnum("mood", [""]))).not.toThrow();
  expect(() => record((m) => m.createTable("", (t) => t.id()))).toThrow("a name is missing");
});

it("a default name that is too long is shortened, always alike, and stays unique", () => {
  const table = "t".repeat(60);
  const names = record((m) => {
    m.createIndex(table, ["title"]);
    m.createIndex(table, ["title"]);
    m.createIndex(table, ["titles"]);
    m.createTable(table, (t) => {
      t.references("author_id", "users");
      t.primaryKey(["author_id"]);
    });
  }).flatMap((op) => {
    if (op.kind === "create_index") return [op.index.name];
    if (op.kind !== "create_table") return [];
    const [column] = op.definition.columns;
    return [column?.references?.name, ...op.definition.constraints.map(({ name }) => name)];
  });
  expect(names).toHaveLength(5);
  for (const name of names) expect(name).toMatch(/^t{54}_[0-9a-f]{8}$/);
  expect(names[0]).toBe(names[1]);
  expect(new Set(names).size).toBe(4);
});
