import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { wrongInBackfill } from "../../../src/core/backfill/check.ts";
import { MigrationBuilder } from "../../../src/core/language/builder.ts";
import { InvalidOperation } from "../../../src/core/language/defaults.ts";
import type { DefaultValue } from "../../../src/core/language/table-parts.ts";
import { record } from "../../../src/core/plan/record.ts";
import { importMigration } from "../../../src/engine/discovery/module.ts";
import { defineRelease, type MigrationBuilder as M, sql } from "../../../src/index.ts";
import { testDatabase } from "../../support/databases.ts";
import { recorder } from "../../support/recorder.ts";

const context = {
  direction: "up",
  identifierLimit: { length: 63, unit: "bytes" },
  defaults: {},
} as const;

/** What is recorded of a value in each place that takes one. */
const places: { readonly [place: string]: (m: M, value: never) => void } = {
  "a new column": (m, value) =>
    m.createTable("t", (t) => t.column("a", "text", { default: value })),
  "a column of an old table": (m, value) =>
    m.alterTable("t", (t) => t.add("a", "text", { default: value })),
  setDefault: (m, value) => m.alterTable("t", (t) => t.setDefault("a", value)),
  "what a default was": (m, value) =>
    m.alterTable("t", (t) => t.setDefault("a", 1, { was: value })),
  "what a column was": (m, value) =>
    m.alterTable("t", (t) => t.remove("a", { was: { type: "text", default: value } })),
  "a parameter": (m, value) =>
    m.execute({ compile: () => ({ sql: "select $1", parameters: [value] }) }),
};

function recorded(place: string, value: unknown): string {
  const m = new MigrationBuilder(context);
  try {
    places[place]?.(m, value as never);
    return "";
  } catch (error) {
    if (error instanceof InvalidOperation) return error.message;
    throw error;
  }
}

const circular: unknown[] = [];
circular.push({ circular });

class Money {
  readonly cents = 1;
}

const refused: readonly [string, unknown, string][] = [
  ["a Map", new Map([["a", 1]]), "is an object of the class Map"],
  ["a Set", new Set([1]), "is an object of the class Set"],
  ["a regular expression", /a/, "is an object of the class RegExp"],
  ["an object of a class", new Money(), "is an object of the class Money"],
  ["text in an object", new String("a"), "is an object of the class String"],
  ["floats", new Float64Array(1), "is an object of the class Float64Array"],
  ["a buffer without a view", new ArrayBuffer(1), "is an object of the class ArrayBuffer"],
  ["a promise", Promise.resolve(1), "is an object of the class Promise"],
  ["a function", () => 1, "is a function"],
  ["a symbol", Symbol("a"), "is a symbol"],
  ["minus zero", -0, "is the number -0"],
  ["an invalid date", new Date("x"), "is an invalid Date"],
  ["a bigint in a list", [1, 10n], "[1] is the bigint 10n"],
  ["a bigint in an object", { a: { b: 10n } }, ".a.b is the bigint 10n"],
  ["no number in a list", [Number.NaN], "[0] is the number NaN"],
  ["infinity in an object", { a: Number.POSITIVE_INFINITY }, ".a is the number Infinity"],
  ["nothing in a list", ["a", undefined], "[1] is undefined"],
  ["a hole in a list", new Array(1), "[0] is undefined"],
  ["nothing in an object", { a: undefined }, ".a is undefined"],
  ["bytes in a list", [Buffer.from("a")], "[0] is an object of the class Buffer"],
  ["a Map in a list", [[new Map()]], "[0][0] is an object of the class Map"],
  ["a list of itself", circular, "[0].circular is part of itself"],
  ["SQL inside of JSON", { a: sql`now()` }, ".a is sql`…` inside of JSON"],
  ["an object with a symbol", { [Symbol("a")]: 1 }, "is a symbol"],
  ["an object with a method", { toJSON: () => 1 }, ".toJSON is a function"],
];

test.each(refused)("%s is refused in each place, with its path", (_, value, reason) => {
  for (const place of Object.keys(places)) expect(recorded(place, value)).toContain(reason);
});

const allowed: readonly unknown[] = [
  "a",
  1.5,
  10n,
  true,
  null,
  undefined,
  Number.NaN,
  new Date(0),
  Buffer.from("a"),
  new Uint8Array(1),
  sql`now()`,
  [sql`now()`, [1, "a", null, new Date(0)]],
  { a: [{ b: null }], c: new Date(0) },
  Object.create(null),
];

test.each(allowed.map((value) => [value]))("%s is kept in each place", (value) => {
  for (const place of Object.keys(places)) expect(recorded(place, value)).toBe("");
});

test("a bigint is the same number as a default, and as a parameter where a number holds it", () => {
  const m = new MigrationBuilder(context);
  m.alterTable("t", (t) => {
    t.setDefault("a", 10n);
    t.setDefault("a", 2n ** 62n);
  });
  expect(m.build()).toMatchObject([
    { changes: [{ default: 10 }, { default: { sql: "4611686018427387904" } }] },
  ]);
  expect(recorded("a parameter", 2n ** 62n)).toContain("is the bigint 4611686018427387904n");
});

test.each([
  ["size", { size: 10n }, "column a: size is the bigint 10n"],
  ["comment", { comment: new Map() }, "comment of column is an object of the class Map"],
  ["null", { null: () => false }, "null of column is a function"],
  ["precision", { precision: Number.NaN }, "column a: precision is the number NaN"],
])("the option %s takes no such value", (_, options, message) => {
  const m = new MigrationBuilder(context);
  expect(() =>
    m.createTable("t", (t) => t.column("a", "text", options as unknown as object)),
  ).toThrow(message);
});

test("a value of a backfill is refused too", () => {
  const definition = { table: "t", key: "id", set: { a: new Map() as unknown as DefaultValue } };
  expect(wrongInBackfill(definition as never)).toMatchObject([
    { reason: "its set is not an object of values and sql`…` by column" },
  ]);
});

test("the refusal names the file and the line", async () => {
  const folder = mkdtempSync(join(tmpdir(), "slipway-values-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "1_a.mjs");
  writeFileSync(
    path,
    'export function change(m) {\n  m.createTable("t", (t) => {\n    t.column("a", "map", { default: new Map() });\n  });\n}\n',
  );
  const definition = await importMigration(path, { origin: "1_a.mjs", root: folder });
  const file = { id: "1_a", version: "1", name: "a", origin: "1_a.mjs" };
  expect(() => record(file, definition, context)).toThrow(
    "1_a.mjs:3: column a: default is an object of the class Map",
  );
});

test("a default that is a bigint holds in the database", async () => {
  const database = await testDatabase("sqlite");
  onTestFinished(() => database.dispose());
  const change = (m: M) =>
    m.createTable("t", (t) => {
      t.id();
      t.column("a", "bigint", { default: 10n });
      t.column("b", "bigint", { default: 2n ** 53n + 1n });
    });
  const release = defineRelease({
    app: "blog",
    repos: { main: { adapter: database.adapter, migrations: { "1_a": { change } } } },
  });
  await release.using(recorder().world).migrate();
  await database.query("insert into t default values");
  expect(await database.query("select a, cast(b as text) as b from t")).toEqual([
    { a: 10, b: "9007199254740993" },
  ]);
});
