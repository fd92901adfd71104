/** What the tables of the bench say of what was measured. */
import { expect, test } from "vitest";
import { missedBy, type Row, timesFloor } from "../../bench/contest.ts";
import { markdown, plot } from "../../bench/report.ts";

const floor: Row = {
  name: "floor",
  kind: "floor",
  floor: "floor",
  bounds: [],
  samples: [{ ms: 100 }, { ms: 50 }, { ms: 200 }],
};
const ours: Row = {
  name: "`ours` <1>",
  kind: "ours",
  floor: "floor",
  bounds: [
    { figure: "ms", times: 1.05 },
    { figure: "ms", most: 120 },
  ],
  samples: [{ ms: 120 }, { ms: 60 }, { ms: 400 }],
};
const rows = [floor, ours];

test("a ratio is the median of the rounds, each beside the floor of its own round", () => {
  expect(timesFloor(ours, rows, "ms")).toBe(1.2);
});

test("processor time is compared by its sum, because single runs are coarse", () => {
  const counted = (name: string, values: readonly number[]): Row => ({
    ...floor,
    name,
    samples: values.map((value) => ({ "process ms": value })),
  });
  const both = [counted("floor", [10, 0, 20]), counted("ours", [20, 10, 30])];
  expect(timesFloor(both[1]!, both, "process ms")).toBe(2);
});

test("a bound that is missed says by how much, one that is held says so, one without figures too", () => {
  expect(missedBy(ours, rows, { figure: "ms", times: 1 })).toBeCloseTo(20);
  expect(missedBy(ours, rows, { figure: "MiB", most: 1 })).toBeUndefined();
  expect(markdown({ title: "Some", figure: "ms", rows })).toBe(
    `| Some, 3 rounds | median ms | best | worst | × floor | wanted |
| --- | ---: | ---: | ---: | ---: | --- |
| floor | 100 | 50 | 200 | 1.00 |  |
| \`ours\` <1> | 120 | 60 | 400 | 1.20 | ≤ 1.05 ×: missed by 15 ms; ≤ 120 ms: held |
`,
  );
});

test("the plot is XML, with a line where the bound is", () => {
  const drawn = plot({ title: "Some", figure: "ms", rows });
  expect(drawn).toContain("ours &lt;1>");
  expect(drawn.match(/<rect x=/g)).toHaveLength(2);
  expect(drawn.match(/stroke="#c0392b"/g)).toHaveLength(1);
});
