import { describe, expect, it } from "vitest";
import { mysql } from "../../src/adapters/mysql/index.ts";
import { postgres } from "../../src/adapters/postgres/index.ts";
import { sqlite } from "../../src/adapters/sqlite/index.ts";

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

const url = (scheme: string) => `${scheme}://127.0.0.1:1/none`;

describe.each([
  [
    "postgres",
    "lockLeaseMs",
    1,
    (ms: never) => postgres({ url: url("postgres"), lockLeaseMs: ms }),
  ],
  [
    "postgres",
    "connectTimeoutMs",
    1,
    (ms: never) => postgres({ url: url("postgres"), connectTimeoutMs: ms }),
  ],
  ["mysql", "lockLeaseMs", 1, (ms: never) => mysql({ url: url("mysql"), lockLeaseMs: ms })],
  [
    "mysql",
    "connectTimeoutMs",
    1,
    (ms: never) => mysql({ url: url("mysql"), connectTimeoutMs: ms }),
  ],
  ["sqlite", "leaseMs", 1, (ms: never) => sqlite({ path: ":memory:", leaseMs: ms })],
  ["sqlite", "busyTimeoutMs", 0, (ms: never) => sqlite({ path: ":memory:", busyTimeoutMs: ms })],
] as const)("%s, %s", (_, option, least, adapter) => {
  it.each(wrong.filter(([ms]) => ms !== least))(
    "of %s is refused before anything runs",
    async (ms, shown) => {
      await expect(
        adapter(ms as never).open({ role: "work", application: "test" }),
      ).rejects.toMatchObject({
        name: "ConnectionFailed",
        message: `the option ${option} is ${shown}`,
        hint: `Give ${option} a whole number from ${least} to 2147483647, in milliseconds. Nothing has run.`,
      });
    },
  );
});
