import { describe, expect, it } from "vitest";
import { postgresDialect } from "../../../src/adapters/postgres/dialect.ts";
import { prepare } from "../../../src/core/plan/prepare.ts";
import { rollout } from "../../../src/core/plan/rollout.ts";
import {
  defineMigration,
  type MigrationBuilder,
  type MigrationDefinition,
} from "../../../src/index.ts";

type Body = (m: MigrationBuilder) => void;

function rolloutOf(definitions: readonly MigrationDefinition[]) {
  const migrations = definitions.map((definition, i) => ({
    file: { id: `${i + 1}_m`, version: String(i + 1), name: "m", origin: "m" },
    definition,
  }));
  const steps = prepare({ direction: "up", migrations, dialect: postgresDialect, defaults: {} });
  return rollout(steps, [], "postgres");
}

const judged = (change: Body) => {
  const [step] = rolloutOf([defineMigration({ up: change })]).before;
  return [step?.order, step?.effects];
};

const cases: readonly (readonly [claim: string, change: Body, order: string, effects: object])[] = [
  ["a table", (m) => m.createTable("a", (t) => t.id()), "before", { gives: ["table a"] }],
  [
    "a column",
    (m) => m.alterTable("a", (t) => t.add("b", "text")),
    "before",
    { gives: ["column a.b"] },
  ],
  [
    "a column that old code does not fill",
    (m) => m.alterTable("a", (t) => t.add("b", "text", { null: false })),
    "both",
    { breaks: ["refuses rows without a.b"], gives: ["column a.b"] },
  ],
  [
    "a column with a default",
    (m) => m.alterTable("a", (t) => t.add("b", "text", { null: false, default: "" })),
    "before",
    { gives: ["column a.b"] },
  ],
  [
    "a drop",
    (m) => m.alterTable("a", (t) => t.remove("b")),
    "after",
    { breaks: ["drops column a.b"] },
  ],
  [
    "a rename",
    (m) => m.renameColumn("a", "b", { to: "c" }),
    "both",
    { breaks: ["renames column a.b"], gives: ["column a.c"] },
  ],
  [
    "the first step of a safe rename",
    (m) => m.renameColumnSafely("a", "b", { to: "c" }),
    "before",
    { gives: ["column a.c"] },
  ],
  [
    "not null",
    (m) => m.alterTable("a", (t) => t.setNotNull("b")),
    "after",
    { breaks: ["refuses rows without a.b"] },
  ],
  ["an index", (m) => m.createIndex("a", ["b"]), "either", {}],
  ["a comment", (m) => m.execute("comment on table a is 'x'"), "either", {}],
  ["code", (m) => m.run(async () => undefined), "unknown", { unknown: ["run code"] }],
  [
    "SQL that adds",
    (m) => m.execute("alter table a add column b text"),
    "before",
    { gives: ['"alter table a add column b text"'] },
  ],
  [
    "SQL that drops",
    (m) => m.execute("alter table a drop column b"),
    "after",
    { breaks: ['"alter table a drop column b"'] },
  ],
  [
    "SQL that nobody knows",
    (m) => m.execute("select f()"),
    "unknown",
    { unknown: ['"select f()"'] },
  ],
];

describe("where the operations of a migration put it", () => {
  it.each(cases)("%s", (_, change, order, effects) => {
    expect(judged(change)).toEqual([order, effects]);
  });

  it("breaks nothing about a table that the same plan makes", () => {
    const found = rolloutOf([
      { up: (m) => m.createTable("a", (t) => t.id()) },
      { up: (m) => m.alterTable("a", (t) => t.add("b", "text", { null: false })) },
    ]);
    expect(found.before.map((step) => step.order)).toEqual(["before", "before"]);
    expect(found.warnings).toEqual([]);
  });

  it("is told where a migration says otherwise", () => {
    const drop: Body = (m) => m.alterTable("a", (t) => t.remove("b"));
    const add: Body = (m) => m.alterTable("a", (t) => t.add("b", "text"));
    const rename: Body = (m) => m.renameColumn("a", "b", { to: "c" });
    const phase = "after" as const;
    const told = rolloutOf([{ up: drop }, { up: add, phase }, { up: rename }, { up: drop, phase }]);
    expect(told.warnings.map(({ code, details }) => [code, details])).toEqual([
      ["breaks_old_code", { version: "1", name: "m", isPart: false, breaks: ["drops column a.b"] }],
      ["late_for_new_code", { version: "2", name: "m", isPart: false, gives: ["column a.b"] }],
      [
        "breaks_old_code",
        { version: "3", name: "m", isPart: true, breaks: ["renames column a.b"] },
      ],
    ]);
    expect({ ...told, warnings: told.warnings.map(({ message }) => message) }).toMatchObject({
      before: [{ version: "1" }, { version: "3" }],
      after: [{ version: "2" }, { version: "4" }],
      warnings: [
        '1_m runs before the deploy, but drops column a.b, which the code that runs now may need: give it phase "after"',
        '2_m runs after the deploy, but the new code may need column a.b: give it phase "before"',
        "3_m runs before the deploy, but renames column a.b, which the code that runs now may need: split it into two, and let that part run after",
      ],
    });
  });
});
