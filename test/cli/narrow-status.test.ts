/** `status` on a terminal of fewer than 60 columns. */
import { expect, it } from "vitest";
import { narrowStatus } from "../../src/cli/painted/narrow-status.ts";
import { paintedStatus } from "../../src/cli/painted/status.ts";
import { statusBlock } from "../../src/core/plan/status.ts";
import { statusNotes } from "../../src/core/plan/status-notes.ts";

const part = {
  direction: "up",
  ...{ done: 1, inDoubt: 0 },
  units: [{ state: "done", words: "create index concurrently orders_total on orders (total)" }],
} as const;
const migrations = [
  { status: "up", version: "20240101000000", name: "create_orders", appliedAt: new Date(0) },
  { status: "up", version: "20240102000000", name: "add_a_place_to_orders", edited: true },
  { status: "down", version: "20240103000000", name: "index_total", part },
  { status: "down", version: "R", name: "views" },
] as const;

it("cuts names, and keeps versions and commands whole", () => {
  const text = narrowStatus(statusBlock("Repo: main", migrations), 40);
  expect(text.split("\n")).toEqual([
    "",
    "Repo: main",
    "",
    "  Status       Migration       Name",
    "-".repeat(40),
    "  up           20240101000000  create_o…",
    "  up (edited)  20240102000000  add_a_pl…",
    "  part         20240103000000  index_to…",
    "               (applied in part: 1",
    "                 statement done)",
    "  down         R               views",
    "",
  ]);
  expect(paintedStatus(text)).not.toBe(text);
  const notes = narrowStatus(statusNotes({ repo: "main", migrations }), 40).split("\n");
  expect(notes).toContain("    finish it: slipway migrate --repo main");
  const long = notes.filter((line) => line.length > 40);
  expect(long.filter((line) => !/slipway |^ +done /.test(line))).toEqual([]);
});

it("has room for when each ran, below its name, and nothing is lost but the end of names", () => {
  const text = narrowStatus(statusBlock("Repo: main", migrations, { long: true }), 40);
  expect(text).toMatch(/create_o…\n +1970-01-01 00:00:00\n/);
  for (const columns of [30, 40, 50, 59]) {
    const lines = narrowStatus(statusBlock("Repo: main", migrations), columns).split("\n");
    expect(lines.filter((line) => [...line].length > Math.max(columns, 37))).toEqual([]);
    expect(lines.filter((line) => /202401\d{8}( |$)/.test(line))).toHaveLength(3);
  }
});
