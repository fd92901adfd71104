import { expect, it } from "vitest";
import { failedIndex, joinedSql, roundTrips } from "../../src/adapters/postgres/round-trips.ts";
import type { Statement } from "../../src/core/model/statement.ts";

const cases: readonly (readonly [string, boolean, readonly string[], readonly number[][]])[] = [
  ["outside of a transaction each goes alone", false, ["a", "b"], [[0], [1]]],
  ["inside of one they go together", true, ["a", "b"], [[0, 1]]],
  ["a transaction is one trip", false, ["a", "BEGIN", "b", "COMMIT", "c"], [[0], [1, 2, 3], [4]]],
  [
    "two transactions are two",
    false,
    ["begin", "a", "commit", "begin", "b"],
    [
      [0, 1, 2],
      [3, 4],
    ],
  ],
  ["what runs long goes alone", true, ["a", "online", "b"], [[0], [1], [2]]],
  ["what has parameters goes alone", true, ["a", "b $1", "c"], [[0], [1], [2]]],
  [
    "a savepoint is no end",
    true,
    ["a", "ROLLBACK TO x", "b", "ROLLBACK", "c"],
    [[0, 1, 2, 3], [4]],
  ],
];

it.each(cases)("%s", (_, inTransaction, sql, expected) => {
  const trips = roundTrips(sql.map(statement), { inTransaction });
  expect(trips.map(({ first, statements }) => statements.map((_, i) => first + i))).toEqual(
    expected,
  );
});

it("no more than a million characters travel together, inside of a transaction alone", () => {
  const long = "x".repeat(400_000);
  const within = roundTrips(["BEGIN", long, long, long, "COMMIT", long, long].map(statement), {
    inTransaction: false,
  });
  expect(within.map(({ first, statements }) => [first, statements.length])).toEqual([
    [0, 3],
    [3, 2],
    [5, 1],
    [6, 1],
  ]);
  const longer = roundTrips(["BEGIN", long.repeat(4), "a", "COMMIT"].map(statement), {
    inTransaction: false,
  });
  expect(longer.map(({ statements }) => statements.length)).toEqual([1, 1, 2]);
});

it("a comment at the end of a statement does not swallow the next one", () => {
  expect(joinedSql({ first: 0, statements: ["a -- b", "c"].map(statement) })).toBe("a -- b\n;\nc");
});

const failures: readonly (readonly [string, number, number | undefined, number])[] = [
  ["nothing completed", 0, undefined, 5],
  ["the first completed", 1, 3, 6],
  ["the text was not parsed, at the second statement", 0, 5, 6],
  ["the text was not parsed, at its end", 0, 99, 7],
  ["the connection broke after the last", 3, undefined, 7],
];

it.each(failures)("the failed one is found when %s", (_, completed, position, expected) => {
  const trip = { first: 5, statements: ["é", "b", "c"].map(statement) };
  expect(failedIndex(trip, { completed, position })).toBe(expected);
});

function statement(sql: string): Statement {
  const parameters = sql.includes("$1") ? [1] : undefined;
  return { sql, parameters, policy: { kind: sql === "online" ? "online" : "plain" } };
}
