import fc from "fast-check";
import { expect, test } from "vitest";
import { lex } from "../../../src/core/sql/lexer.ts";
import { meaning } from "../../../src/core/sql/meaning.ts";
import { placeStatements, splitStatements } from "../../../src/core/sql/statements.ts";
import { isCode, type SqlSyntax } from "../../../src/core/sql/token.ts";

const same: readonly [string, SqlSyntax, string, string][] = [
  ["case and white space", "postgres", "CREATE  TABLE a\r\n(\tb INT )", "create table a (b int)"],
  ["comments", "postgres", "-- licence\nselect 1 /* one */;", "select 1"],
  ["space around operators", "postgres", "select a=-1,b::text", "select a = -1, b :: text"],
  ["empty statements", "postgres", ";select 1;;select 2;", "select 1; select 2"],
  ["line breaks in a body", "postgres", "do $$\r\n$$", "do $$\n$$"],
  ["a byte order mark", "sqlite", "\uFEFFselect 1", "select 1"],
  ["DELIMITER lines", "mysql", "delimiter //\nselect 1//\ndelimiter ;", "select 1;"],
];

test.each(same)("%s does not count", (_, syntax, one, other) => {
  expect(meaning(one, syntax)).toBe(meaning(other, syntax));
});

const different: readonly [string, SqlSyntax, string, string][] = [
  ["case in strings", "postgres", "select 'A'", "select 'a'"],
  ["case in quoted names", "postgres", 'select "A"', 'select "a"'],
  ["space in a body", "postgres", "do $$ a $$", "do $$ a  $$"],
  ["the cut between words", "postgres", "select ab", "select a b"],
  ["the cut between operators", "postgres", "select 1 < = 2", "select 1 <= 2"],
  ["a version comment", "mysql", "/*!40101 select 1 */", "select 1"],
  ["a negative number", "mysql", "select 1--2", "select 1"],
];

test.each(different)("%s counts", (_, syntax, one, other) => {
  expect(meaning(one, syntax)).not.toBe(meaning(other, syntax));
});

test("is text that a person can read", () => {
  expect(meaning("SELECT Count(*), 'A;' FROM \"B\" -- c\n;\nselect 2", "postgres")).toBe(
    "select count ( * ) , 'A;' from \"B\" ; select 2",
  );
});

const piece = fc.constantFrom(
  ..."a b1 select CREATE FUNCTION begin ATOMIC case END trigger if loop ( ) [c] . , 'x' '' 'y;' \"z;\" `q` $$ $t$;$$;$t$ $1 ? 1 2.5 1e5 < <= - + / * :: := ; ; ;".split(
    " ",
  ),
  ..." |\n|\t|-- c;\n|/* ; */|/*!1 a */|# d\n|--> statement-breakpoint|\\".split("|"),
);
const anyText = fc.array(piece).map((pieces) => pieces.join(" "));
const anySyntax = fc.constantFrom<SqlSyntax>("postgres", "mysql", "sqlite");

test("tokens together are the text", () => {
  fc.assert(
    fc.property(anyText, anySyntax, (text, syntax) => {
      const tokens = orSkip(() => [...lex(text, syntax)]);
      expect(tokens.map((token) => token.text).join("")).toBe(text);
    }),
  );
});

test("statements together have all the code of the text", () => {
  fc.assert(
    fc.property(anyText, anySyntax, (text, syntax) => {
      const statements = orSkip(() => splitStatements(text, syntax));
      const together = statements.flatMap(({ sql }) => code(sql, syntax));
      expect(together).toEqual(code(text, syntax));
    }),
  );
});

test("a statement stands where it says, and is not cut again", () => {
  fc.assert(
    fc.property(anyText, anySyntax, (text, syntax) => {
      const placed = orSkip(() => placeStatements(text, syntax));
      fc.pre(placed.length > 0);
      for (const { sql, start, line } of placed) {
        expect(text.slice(start, start + sql.length)).toBe(sql);
        expect(text.slice(0, start).split("\n")).toHaveLength(line);
        expect(splitStatements(sql, syntax).map((again) => again.sql)).toEqual([sql]);
      }
    }),
  );
});

/** All tokens that a database sees, but what ends statements. */
function code(text: string, syntax: SqlSyntax): readonly string[] {
  return [...lex(text, syntax)]
    .filter((token) => isCode(token) && !/^(;|-->.*)$/.test(token.text))
    .map((token) => token.text);
}

/** Takes another text when this one is refused, so that each run proves something. */
function orSkip<Result>(work: () => Result): Result {
  try {
    return work();
  } catch {
    fc.pre(false);
    throw new Error("not reached");
  }
}
