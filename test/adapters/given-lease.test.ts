import { describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";

const wrong: readonly (readonly [unknown, string])[] = [
  [0, "0"],
  [-1, "-1"],
  [1.5, "1.5"],
  [Number.NaN, "NaN"],
  [Number.POSITIVE_INFINITY, "Infinity"],
  [3_000_000_000, "3000000000"],
  ["30s", '"30s"'],
  [null, "null"],
];

describe.each([
  ["postgres", postgres],
  ["mysql", mysql],
])("%s", (scheme, adapter) => {
  it.each(wrong)("a lease of %s is refused before anything runs", async (lease, shown) => {
    const made = adapter({ url: `${scheme}://127.0.0.1:1/none`, lockLeaseMs: lease as never });
    await expect(made.open({ role: "work", application: "test" })).rejects.toMatchObject({
      name: "ConnectionFailed",
      message: `the option lockLeaseMs is ${shown}`,
      hint: "Give lockLeaseMs a whole number from 1 to 2147483647, in milliseconds; nothing has run.",
    });
  });
});
