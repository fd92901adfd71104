/** What `check` says of SQLite's statements is what SQLite does. */
import { describe, expect, it } from "vitest";
import * as first from "./sweep/sqlite-afresh.ts";
import * as again from "./sweep/sqlite-afresh-again.ts";
import * as third from "./sweep/sqlite-afresh-third.ts";
import { foretold, observed, type Seen } from "./sweep/sqlite-engine.ts";

/** Statements whose answer is not the engine's, and why. */
const otherwise: readonly string[] = [
  // Another tool's connection may have that collation.
  "CREATE INDEX main.bike_c ON bike (colour COLLATE german)",
];

/** A script that fails does nothing else; where values tell, the rest is right for other rows. */
function agree(seen: readonly Seen[], said: readonly string[]): boolean {
  if (seen.includes("fails")) return said.includes("fails");
  if (seen.includes("values")) return !said.includes("fails") && !said.includes("rows");
  return seen.join() === said.join();
}

describe.each([
  ["a library", first],
  ["a workshop", again],
  ["a newspaper", third],
] as const)("statements on %s", (_, { library, libraryRows, statements }) => {
  it("are judged as the engine judges them", { timeout: 120_000 }, () => {
    const seen = observed({ library, libraryRows }, statements);
    const wrong = statements.filter(
      (sql, i) => agree(seen[i]!, foretold(library, sql)) === otherwise.includes(sql),
    );
    expect(wrong).toEqual([]);
  });
});
