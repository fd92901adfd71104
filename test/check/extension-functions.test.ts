/** What facts of production say of the functions of extensions: a default, an index and a generated column are judged by it. */
import { expect, it } from "vitest";
import { neededParser } from "../../src/check/parser.ts";
import type { FunctionFacts } from "../../src/core/model/database-facts.ts";
import { foretell } from "../../src/core/safety/effects/foretell.ts";

const parser = await neededParser("the test");
const { parse, parseBlock } = parser;
const table = "CREATE TABLE places (id uuid, name text, at text)";

function judged(sql: string, functions?: readonly FunctionFacts[]) {
  const published = functions && { publications: [], tables: [], functions };
  const script = { name: "1_made", statements: parser.statements(sql), inTransaction: false };
  return foretell([script], {
    ...{ parse, parseBlock, base: parser.statements(table), server: { major: 18 }, published },
    judge: () => undefined,
  }).flatMap(({ effects }) => effects.map(({ effect }) => effect));
}

const rewrite = (sql: string, functions?: readonly FunctionFacts[]) =>
  judged(sql, functions).flatMap((effect) =>
    effect.kind === "column added" && effect.rewrite !== undefined ? [effect.rewrite] : [],
  );
const refusal = (sql: string, functions?: readonly FunctionFacts[]) =>
  judged(sql, functions).flatMap((effect) => (effect.kind === "fails" ? [effect.why] : []));

const cases: readonly (readonly [
  FunctionFacts["volatility"],
  isRewritten: boolean,
  isRefused: boolean,
])[] = [
  ["volatile", true, true],
  ["stable", false, true],
  ["immutable", false, false],
  ["mixed", true, false],
];

it.each(cases)("one that is %s", (volatility, isRewritten, isRefused) => {
  const known = [{ name: "st_made", volatility }];
  const column = "ALTER TABLE places ADD COLUMN made text DEFAULT tools.st_made('a')";
  expect(rewrite(column, known)).toEqual(isRewritten ? ["st_made is computed for every row"] : []);
  const fixed = [
    "CREATE INDEX places_made ON places (st_made(name))",
    "ALTER TABLE places ADD COLUMN g text GENERATED ALWAYS AS (st_made(name)) STORED",
  ];
  for (const sql of fixed) {
    const why = refusal(sql, known);
    expect(why).toHaveLength(isRefused ? 1 : 0);
    if (isRefused) expect(why[0]).toContain("st_made is not IMMUTABLE");
  }
});

it("without facts an unknown one counts as volatile in a default, and may be immutable in an index", () => {
  expect(rewrite("ALTER TABLE places ADD COLUMN made text DEFAULT st_made('a')")).toEqual([
    "st_made is computed for every row",
  ]);
  expect(refusal("CREATE INDEX places_made ON places (st_made(name))")).toEqual([]);
});
