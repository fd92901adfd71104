import { describe, expect, it } from "vitest";
import type { SchemaOperation } from "../../src/core/language/operation.ts";
import { probeOf } from "../../src/core/language/probe-of.ts";
import {
  answerOf,
  type CatalogProbe,
  type Probe,
  type ProbeAnswer,
  type ProbeState,
} from "../../src/core/model/probe.ts";

const answers: [CatalogProbe["expect"], ProbeState, ProbeAnswer][] = [
  ["present", "present", "done"],
  ["present", "validated", "done"],
  ["present", "broken", "broken"],
  ["present", "absent", "not_done"],
  ["absent", "absent", "done"],
  ["absent", "present", "not_done"],
  ["absent", "broken", "not_done"],
  ["validated", "validated", "done"],
  ["validated", "present", "not_done"],
  ["validated", "absent", "not_done"],
];

describe("the answer of a probe", () => {
  it.each(answers)("expects %s, sees %s: %s", (expected, state, answer) => {
    expect(answerOf({ kind: "index", name: { name: "i" }, expect: expected }, state)).toBe(answer);
  });
});

const table = { name: "posts", prefix: "app" };
const index = { table, name: "i", columns: [{ column: "a" }] } as unknown as Extract<
  SchemaOperation,
  { kind: "create_index" }
>["index"];
const add = { kind: "add_column", column: { name: "a", type: "integer" } } as const;

const probes: [string, SchemaOperation, Probe | undefined][] = [
  [
    "create_table",
    { kind: "create_table", table, definition: { columns: [], constraints: [] } },
    { kind: "table", name: table, expect: "present" },
  ],
  [
    "rename_table",
    { kind: "rename_table", table, to: "other" } as SchemaOperation,
    { kind: "table", name: table, expect: "absent" },
  ],
  [
    "create_index",
    { kind: "create_index", index },
    { kind: "index", name: { name: "i", prefix: "app" }, table, expect: "present" },
  ],
  [
    "drop_index",
    { kind: "drop_index", index } as SchemaOperation,
    { kind: "index", name: { name: "i", prefix: "app" }, table, expect: "absent" },
  ],
  [
    "add column",
    { kind: "alter_table", table, changes: [add] },
    { kind: "column", name: table, part: "a", expect: "present" },
  ],
  ["no column", { kind: "alter_table", table, changes: [] }, { kind: "repeatable" }],
  ["execute", { kind: "execute", sql: "select 1" } as SchemaOperation, undefined],
];

describe("the probe of an operation", () => {
  it.each(probes)("%s", (_, op, probe) => {
    expect(probeOf(op)).toEqual(probe);
  });
});
