import { expect, it } from "vitest";
import { status, statusBlock } from "../../../src/core/plan/status.ts";

const files = [
  {
    id: "20210718153341_add_test_table2",
    version: "20210718153341",
    name: "add_test_table2",
    origin: "b",
  },
  {
    id: "20210718153339_add_test_table1",
    version: "20210718153339",
    name: "add_test_table1",
    origin: "a",
  },
];

it("39, 119: prints the block of the seed, byte for byte", () => {
  const text = statusBlock("Repo: main", status(files, [{ version: "20210718153339" }]));
  expect(text).toBe(`
Repo: main

  Status    Migration ID    Migration Name
--------------------------------------------------
  up        20210718153339  add_test_table1
  down      20210718153341  add_test_table2
`);
});

it("40, 119: shows an applied version without a file, in version order, also version 0", () => {
  const rows = status(files, [{ version: "0" }, { version: "20210718153340" }]);
  expect(statusBlock("Repo: main", rows).split("\n").slice(5)).toEqual([
    "  up        0               ** FILE NOT FOUND **",
    "  down      20210718153339  add_test_table1",
    "  up        20210718153340  ** FILE NOT FOUND **",
    "  down      20210718153341  add_test_table2",
    "",
  ]);
});
