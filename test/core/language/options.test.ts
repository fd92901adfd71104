/** An option that an operation has not is refused with its line, and not passed over in silence. */
import { describe, expect, it, test } from "vitest";
import type { MigrationBuilder } from "../../../src/core/language/builder.ts";
import { portableTypes } from "../../../src/core/language/column-type.ts";
import { databaseTypes } from "../../../src/core/language/database-types.ts";
import type { OptionChecks } from "../../../src/core/language/options/check.ts";
import { meantWord } from "../../../src/core/language/options/meant-word.ts";
import { migrationChecks } from "../../../src/core/language/options/migration.ts";
import { alterTableChecks, tableChecks } from "../../../src/core/language/options/table.ts";
import type { AlterTableBuilder, TableBuilder } from "../../../src/core/language/table-builder.ts";
import { recordAsWritten } from "../../../src/core/plan/record.ts";
import { isReleaseError, sql } from "../../../src/index.ts";

const context = {
  direction: "up",
  identifierLimit: { length: 63, unit: "bytes" },
  defaults: {},
} as const;

/** What is refused of a migration of this file, with its line. */
function refused(body: (m: MigrationBuilder) => void) {
  const file = { id: "options.test", version: "1", name: "options", origin: "options.test.ts" };
  try {
    recordAsWritten(file, body, context);
  } catch (error) {
    if (isReleaseError(error)) return { message: error.message, hint: error.hint };
    throw error;
  }
  return undefined;
}

/** As JavaScript calls it: whatever it likes. */
type Loose = Record<string, (...given: unknown[]) => void>;
const loose = (builder: object) => builder as Loose;

describe("a misspelt option", () => {
  it.each<[string, (m: MigrationBuilder) => void, string, string]>([
    [
      "of an index",
      (m) => loose(m).createIndex?.("users", ["email"], { uniqe: true }),
      "createIndex has no option uniqe",
      "Did you mean unique?",
    ],
    [
      "of a column",
      (m) => m.createTable("users", (t) => loose(t).column?.("name", "text", { nul: false })),
      "column has no option nul",
      "Did you mean null?",
    ],
    [
      "of a reference",
      (m) =>
        m.createTable("posts", (t) =>
          loose(t).references?.("user_id", "users", { onDelet: "cascade" }),
        ),
      "references has no option onDelet",
      "Did you mean onDelete?",
    ],
    [
      "in the words of another tool",
      (m) =>
        m.createTable("posts", (t) =>
          loose(t).references?.("user_id", "users", { on_delete: "cascade" }),
        ),
      "references has no option on_delete",
      "Did you mean onDelete?",
    ],
    [
      "inside of what a column was",
      (m) =>
        m.alterTable("users", (t) =>
          loose(t).remove?.("name", { was: { type: "text", nulll: false } }),
        ),
      "was of remove has no option nulll",
      "Did you mean null?",
    ],
    [
      "of a column of an index",
      (m) => loose(m).createIndex?.("users", [{ column: "name", ordr: "desc" }]),
      "createIndex has no option ordr",
      "Did you mean order?",
    ],
    [
      "of a rename",
      (m) => loose(m).renameColumn?.("users", "name", { to: "title", prefx: "app" }),
      "renameColumn has no option prefx",
      "Did you mean prefix?",
    ],
    [
      "that is like none",
      (m) => loose(m).createSchema?.("app", { owner: "me" }),
      "createSchema has no option owner",
      "It has ifNotExists.",
    ],
  ])("%s names what was meant", (_, body, message, hint) => {
    const error = refused(body);
    expect(error?.message).toMatch(new RegExp(`options\\.test\\.ts:\\d+: ${message}$`));
    expect(error?.hint).toBe(hint);
  });
});

describe("a wrong value", () => {
  it.each<[string, (m: MigrationBuilder) => void, string, string]>([
    [
      "Ecto's word for an action",
      (m) =>
        m.createTable("posts", (t) =>
          loose(t).references?.("user_id", "users", { onDelete: "nilify_all" }),
        ),
      'onDelete of references is "nilify_all"',
      'Did you mean "set null"?',
    ],
    [
      "Rails' word for an action",
      (m) =>
        m.createTable("posts", (t) =>
          loose(t).references?.("user_id", "users", { onDelete: "nullify" }),
        ),
      'onDelete of references is "nullify"',
      'Did you mean "set null"?',
    ],
    [
      "text for a boolean",
      (m) => loose(m).createIndex?.("users", ["email"], { unique: "false" }),
      'unique of createIndex is "false"',
      "Give true or false.",
    ],
    [
      "a number as text",
      (m) => m.createTable("users", (t) => loose(t).column?.("name", "string", { size: "40" })),
      'size of column is "40"',
      "Give a number.",
    ],
    [
      "a text for a list",
      (m) => loose(m).createIndex?.("users", ["email"], { include: "name" }),
      'include of createIndex is "name"',
      "Give a list of names.",
    ],
    [
      "an order that there is not",
      (m) => loose(m).createIndex?.("users", [{ column: "name", order: "up" }]),
      'order of createIndex is "up"',
      'Give "asc", "desc".',
    ],
  ])("%s is refused", (_, body, message, hint) => {
    const error = refused(body);
    expect(error?.message).toMatch(new RegExp(`options\\.test\\.ts:\\d+: ${message}$`));
    expect(error?.hint).toBe(hint);
  });

  it("columns for an action, fragments and absent values are right", () => {
    expect(
      refused((m) => {
        m.createTable("posts", (t) => {
          t.references("user_id", "users", { onDelete: { setNull: ["user_id"] } });
          t.column("slug", "text", { null: false, default: sql`gen_random_uuid()` });
          loose(t).column?.("title", "text", { null: undefined });
        });
        m.createIndex("posts", [sql`lower(slug)`], { name: "slugs", where: sql`slug <> ''` });
      }),
    ).toBeUndefined();
  });
});

/** The arguments before the options: whatever the method is, nothing of them is looked at. */
function given(at: number, options: object): readonly unknown[] {
  return [...["one", "two", "three"].slice(0, at), options];
}

/** A word with one letter changed, left out, twice, and two letters swapped; never a word that there is. */
function misspelt(word: string, known: readonly string[]): readonly string[] {
  const all = [...word].flatMap((letter, i) => [
    `${word.slice(0, i)}${letter === "q" ? "x" : "q"}${word.slice(i + 1)}`,
    `${word.slice(0, i)}${word.slice(i + 1)}`,
    `${word.slice(0, i)}${letter}${word.slice(i)}`,
    `${word.slice(0, i)}${word[i + 1] ?? ""}${letter}${word.slice(i + 2)}`,
  ]);
  return [...new Set(all)].filter((other) => other !== "" && !known.includes(other));
}

const builders = {
  m: [migrationChecks, (call: (builder: Loose) => void) => refused((m) => call(loose(m)))],
  "t of createTable": [
    tableChecks,
    (call: (builder: Loose) => void) =>
      refused((m) => m.createTable("users", (t: TableBuilder) => call(loose(t)))),
  ],
  "t of alterTable": [
    alterTableChecks,
    (call: (builder: Loose) => void) =>
      refused((m) => m.alterTable("users", (t: AlterTableBuilder) => call(loose(t)))),
  ],
} as const;

describe.each(Object.entries(builders))("every option of %s", (_, [methods, refusedBy]) => {
  const cases = Object.entries(methods as Readonly<Record<string, Record<string, OptionChecks>>>);
  test.each(cases)("%s: with a letter changed it is refused", (method, positions) => {
    const count = { refused: 0 };
    for (const [at, checks] of Object.entries(positions)) {
      const known = Object.keys(checks);
      for (const option of known)
        for (const wrong of misspelt(option, known)) {
          const error = refusedBy((b) => b[method]?.(...given(Number(at), { [wrong]: true })));
          expect(error?.message).toMatch(new RegExp(`: ${method} has no option ${wrong}$`));
          count.refused++;
        }
    }
    expect(count.refused).toBeGreaterThan(0);
  });
});

test("a word is near when a letter or two differ, and words of other tools are known", () => {
  expect(meantWord("concurrent", ["name", "concurrently"])).toBe("concurrently");
  expect(meantWord("NULLABLE", ["null"])).toBe("null");
  expect(meantWord("constructor", ["null"])).toBeUndefined();
});

describe("a method that is not there", () => {
  it.each<[string, (m: MigrationBuilder) => void, string, string]>([
    [
      "of a table that is changed",
      // @ts-expect-error there is no such method
      (m) => m.alterTable("users", (t) => t.addColumn("name", "text")),
      "t.addColumn is not a function",
      "Did you mean t.add?",
    ],
    [
      "of a new table",
      // @ts-expect-error there is no such method
      (m) => m.createTable("users", (t) => t.string("name")),
      "t.string is not a function",
      "Did you mean t.column?",
    ],
    [
      "of the migration",
      // @ts-expect-error there is no such method
      (m) => m.createIndx("users", ["name"]),
      "m.createIndx is not a function",
      "Did you mean m.createIndex?",
    ],
    [
      "of the migration, called inside a table",
      // @ts-expect-error there is no such method
      (m) => m.createTable("users", () => m.addIndex("users", ["name"])),
      "m.addIndex is not a function",
      "Did you mean m.createIndex?",
    ],
  ])("%s is named with the one that is meant, and its line", (_, body, reason, hint) => {
    expect(refused(body)).toEqual({
      message: expect.stringMatching(new RegExp(`^options\\.test\\.ts:\\d+: ${reason}$`)),
      hint,
    });
  });

  it.each<[string, (m: MigrationBuilder) => void]>([
    [
      "of another object",
      (m) => {
        const others: { readonly createIndx?: () => void } = {};
        others.createIndx!();
        m.build();
      },
    ],
    // @ts-expect-error there is no such method
    ["that is near to none", (m) => m.teleport()],
    // @ts-expect-error there is no such method
    ["that is Slipway's own", (m) => m.recrd()],
  ])("%s gets no wrong guess", (_, body) => {
    expect(refused(body)).toEqual({
      message: expect.stringContaining(" is not a function"),
      hint: expect.stringMatching(/^Fix the file\. Nothing has run yet\./),
    });
  });
});

describe("a misspelt type", () => {
  const typed = (type: string) =>
    refused((m) => m.createTable("users", (t) => loose(t).column?.("name", type)));

  it("is refused with the one that is meant, in a list too", () => {
    expect(typed("strng")).toEqual({
      message: expect.stringContaining("column name has the type strng, which nobody knows"),
      hint: 'Did you mean string? Write your own type of that name with its schema: "public.strng".',
    });
    expect(typed("strng[]")?.hint).toContain("Did you mean string?");
  });

  it("every portable type with a letter left out, but those that are types themselves", () => {
    const slips = portableTypes
      .filter((type) => type.length > 4)
      .flatMap((type) => [...type].map((_, i) => type.slice(0, i) + type.slice(i + 1)));
    const passed = [...new Set(slips)].filter((slip) => typed(slip) === undefined);
    expect(slips.length).toBeGreaterThan(100);
    const known: readonly string[] = [...portableTypes, ...databaseTypes];
    expect(passed.filter((type) => !known.includes(type))).toEqual([]);
  });

  it.each([...databaseTypes, "post_status", "public.strng", '"strng"', "mood", "numeric(10, 2)"])(
    "%s is let through",
    (type) => {
      expect(typed(type)).toBeUndefined();
    },
  );
});
