/**
 * Our lexer beside PostgreSQL's own scanner and parser, on every SQL text that the tests and the rules have, and on
 * texts drawn at random. Where the two read differently, ours would cut a file elsewhere than the server does.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { PGlite } from "@electric-sql/pglite";
import fc from "fast-check";
import { loadModule, parseSync, scanSync } from "libpg-query";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { neededParser } from "../../../src/check/parser.ts";
import { InvalidSql } from "../../../src/core/sql/invalid-sql.ts";
import { lex } from "../../../src/core/sql/lexer.ts";
import { placeStatements } from "../../../src/core/sql/statements.ts";
import { openPglite } from "../../support/pglite.ts";
import { seedOf } from "../../support/random.ts";

const root = resolve(import.meta.dirname, "../../..");

/** From where to where, and what stands there. */
type Piece = readonly [start: number, end: number, text: string];

/** What their scanner says; a reason when it refuses the text. */
function theirs(sql: string): readonly Piece[] | string {
  if (sql.trim() === "") return [];
  try {
    const at = offsets(sql);
    return scanSync(sql).tokens.map(({ start, end }) => pieceOf(sql, at(start), at(end)));
  } catch (error) {
    return String(error);
  }
}

/** What ours says, in their terms: white space is no token, a comment is one. */
function ours(sql: string): readonly Piece[] | string {
  try {
    return [...lex(sql, "postgres")]
      .filter(({ kind }) => kind !== "space")
      .map(({ text, start }) => pieceOf(sql, start, start + text.length));
  } catch (error) {
    if (error instanceof InvalidSql) return String(error);
    throw error;
  }
}

/** Where their parser cuts, by the first and the last token of each statement; `undefined` when it refuses the text. */
function theirCuts(sql: string): readonly Piece[] | undefined {
  if (sql.trim() === "") return [];
  let found: readonly { readonly stmt_location?: number; readonly stmt_len?: number }[];
  try {
    found = parseSync(sql).stmts ?? [];
  } catch {
    return undefined;
  }
  const tokens = theirs(sql);
  if (typeof tokens === "string") return undefined;
  const at = offsets(sql);
  const code = tokens.filter(([, , text]) => !/^(?:--|\/\*)/.test(text));
  return found.map(({ stmt_location: start = 0, stmt_len: length = 0 }) => {
    const [from, to] = [at(start), length === 0 ? sql.length : at(start + length)];
    const inside = code.filter(([start, end, text]) => start >= from && end <= to && text !== ";");
    return pieceOf(sql, inside[0]?.[0] ?? from, inside.at(-1)?.[1] ?? to);
  });
}

function ourCuts(sql: string): readonly Piece[] {
  return placeStatements(sql, "postgres").map(({ sql: text, start }) =>
    pieceOf(sql, start, start + text.length),
  );
}

function pieceOf(sql: string, start: number, end: number): Piece {
  return [start, end, sql.slice(start, end)];
}

/** Their offsets count bytes of UTF-8, ours units of UTF-16. */
function offsets(sql: string): (byte: number) => number {
  const bytes = Buffer.from(sql, "utf8");
  if (bytes.length === sql.length) return (byte) => byte;
  return (byte) => bytes.subarray(0, byte).toString("utf8").length;
}

/** What a client takes out before a server sees it, and so before their scanner would. */
const forClients = /^\\|statement-breakpoint|^\uFEFF|\bfrom\s+stdin\b/im;

/** The SQL files below a folder of the project, and the texts between quotes in its TypeScript. */
function textsBelow(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((file) => !/(^|\/)(?:node_modules|dist|_release)\//.test(file))
    .flatMap((file) => {
      const text = () => readFileSync(join(root, folder, file), "utf8");
      if (file.endsWith(".sql")) return [text()];
      return file.endsWith(".ts") ? quotedIn(text()) : [];
    });
}

/** Texts without a part that is computed, as the program has them. What is no text but stands between two is no SQL. */
function quotedIn(code: string): readonly string[] {
  const found = code.matchAll(/`((?:[^`\\$]|\\[\s\S]|\$(?!\{))*)`|"((?:[^"\\\n]|\\.)*)"/g);
  return [...found].map(([, template, text]) => unescaped(template ?? text ?? ""));
}

function unescaped(text: string): string {
  const named: { readonly [letter: string]: string } = { n: "\n", r: "\r", t: "\t", "\n": "" };
  return text.replace(/\\([\s\S])/g, (_, letter: string) => named[letter] ?? letter);
}

let texts: readonly string[] = [];

beforeAll(async () => {
  await loadModule();
  const all = ["src/core/safety/rules", "test", "examples", "bench"].flatMap(textsBelow);
  texts = [...new Set(all)].filter((text) => /\s/.test(text) && !forClients.test(text));
});

describe("our lexer beside PostgreSQL's", () => {
  it("cuts every SQL text of tests and rules where their parser does", () => {
    const parsed = texts.flatMap((sql) => {
      const cuts = theirCuts(sql);
      return cuts === undefined || cuts.length === 0 ? [] : [{ sql, cuts }];
    });
    expect(parsed.length).toBeGreaterThan(1_000);
    expect(parsed.filter(({ cuts }) => cuts.length > 1).length).toBeGreaterThan(100);
    const differing = parsed.filter(({ sql, cuts }) => !isSame(ourCuts(sql), cuts));
    expect(differing.map(({ sql, cuts }) => ({ sql, cuts, ours: ourCuts(sql) }))).toEqual([]);
  });

  it("reads the same tokens in each, and in every other text between quotes", () => {
    const scanned = texts.flatMap((sql) => {
      const tokens = theirs(sql);
      // A backslash outside of quotes is psql's, and refused by name: their scanner lets the grammar refuse it.
      const isCommand = typeof tokens !== "string" && tokens.some(([, , text]) => text === "\\");
      return typeof tokens === "string" || isCommand ? [] : [{ sql, tokens }];
    });
    expect(scanned.length).toBeGreaterThan(5_000);
    const differing = scanned.filter(({ sql, tokens }) => {
      const mine = ours(sql);
      return typeof mine === "string" || !isSame(continued(sql, mine), continued(sql, tokens));
    });
    expect(differing.map(({ sql, tokens }) => ({ sql, tokens, ours: ours(sql) }))).toEqual([]);
  });
});

describe("where their scanner and the server differ: a string that goes on behind a comment", () => {
  const cases: readonly (readonly [sql: string, value: string])[] = [
    ["select 'a' -- it's ; c\n 'b' as v", "ab"],
    ["select E'a' -- it's ; c\n 'b\\';c' as v", "ab';c"],
    ["select e'ä' --ö\r\n --\n\t'\\'' -- d\n  'e' as v", "ä'e"],
    ["select U&'\\0061' -- c\n '\\0062' as v", "ab"],
    ["select 'a' \n -- c\n 'b' as v", "ab"],
  ];

  let server: PGlite;
  beforeAll(async () => {
    server = await openPglite();
  });
  afterAll(() => server.close());

  it.each(cases)("%j is one statement, which the check reads too", async (sql, value) => {
    const twice = `${sql};\n-- next\nselect 2`;
    const results = await server.exec(twice);
    expect(results.map(({ rows }) => rows)).toEqual([[{ v: value }], [{ "?column?": 2 }]]);
    expect(ourCuts(twice).map(([, , text]) => text)).toEqual([sql, "select 2"]);
    expect(theirCuts(twice)).toBe(undefined);
    const parser = await neededParser("check");
    const read = parser.statements(twice);
    expect(read.map(({ text, line }) => [text, line])).toEqual([
      [sql, 1],
      ["select 2", sql.split("\n").length + 2],
    ]);
    expect(read.map((one) => "error" in one)).toEqual([false, false]);
  });
});

describe("on texts drawn at random", () => {
  const seed = seedOf("our lexer beside PostgreSQL's");

  it("reads the same tokens, and refuses what stays open", () => {
    const counts = { same: 0, refused: 0 };
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...pieces), { maxLength: 12 }), (drawn) => {
        const sql = drawn.join("");
        const [one, other] = [ours(sql), theirs(sql)];
        // Their scanner ends a string at a comment before its next line, the server does not: see below.
        if (/'\s*--/.test(sql) || sql.includes("\\")) return;
        if (typeof one !== "string" && typeof other !== "string") {
          counts.same += 1;
          expect([sql, continued(sql, one)]).toEqual([sql, continued(sql, other)]);
        }
        // Theirs refuses more than ours, which leaves a number like 1a to the server.
        if (typeof one === "string") expect([sql, other]).toEqual([sql, expect.any(String)]);
        if (typeof other !== "string" || !other.includes("unterminat")) return;
        counts.refused += 1;
        expect([sql, one]).toEqual([sql, expect.stringContaining("is not closed")]);
      }),
      { seed, numRuns: 20_000 },
    );
    expect(counts.same).toBeGreaterThan(3_000);
    expect(counts.refused).toBeGreaterThan(1_000);
  });

  it("cuts at the same places", () => {
    const part = fc.oneof(fc.constantFrom(...statements), fc.constantFrom(...between));
    fc.assert(
      fc.property(fc.array(part, { maxLength: 10 }), (drawn) => {
        const sql = drawn.join(" ");
        expect([sql, ourCuts(sql)]).toEqual([sql, theirCuts(sql)]);
      }),
      { seed, numRuns: 2_000 },
    );
  });
});

/**
 * Together what one of the two has as two tokens: a string that goes on in the next line, `n` before its string, and a
 * quote inside of bits, which no server takes.
 */
function continued(sql: string, tokens: readonly Piece[]): readonly Piece[] {
  const read: Piece[] = [];
  for (const token of tokens) {
    const last = read.at(-1);
    const gap = last === undefined ? "" : sql.slice(last[1], token[0]);
    const isNational = gap === "" && last?.[2].toLowerCase() === "n";
    const isNextLine = last?.[2].endsWith("'") && /^(?:\s*[\r\n]\s*)?$/.test(gap);
    const goesOn = token[2].startsWith("'") && (isNational || isNextLine);
    if (goesOn && last !== undefined) read.splice(-1, 1, pieceOf(sql, last[0], token[1]));
    else read.push(token);
  }
  return read;
}

const pieces = [
  ...[
    "a",
    "select",
    "x$y",
    "ä",
    "_1",
    "e",
    "E",
    "u&",
    "U&",
    "b",
    "x",
    "n",
    "1",
    "1.",
    ".5",
    "0x1F",
  ],
  ...["'", "''", '"', '""', "'a'", "e'", "E'a''b'", "u&'", 'U&"', "$$", "$a$", "$1", "$", "n'b'"],
  ...["/*", "*/", "--", "-- ; \n", "/* a */", " ", "  ", "\n", "\r", "\t", ";", ",", "(", ")"],
  ...["+", "-", "*", "/", "<", ">", "=", "~", "!", "@", "#", "%", "^", "&", "|", "?", ":", "::"],
  ...[":=", "..", ".", "[", "]", "1_000", "1e5", "1..2", "->>", "=>", "<=", "<>", "!="],
];

const statements = [
  "select 1;",
  "select ';', \";\", $$;$$, $a$ ; $$ ; $a$, E'\\';', U&'\\003b' -- ;\n;",
  "select 'a'\n';' /* ; /* ; */ ; */;",
  "create rule r as on insert to t do also (delete from u; select 1;);",
  "create function f() returns int begin atomic select case when true then 1 end; select 2; end;",
  "create or replace procedure p() begin atomic insert into t values (1); end;",
  "create function g() returns int language sql as 'select 1; select 2';",
  "do $do$ begin perform 1; end $do$;",
  'create table begin_atomic (begin int, "atomic" int);',
  "begin; end;",
  "create view v as select case 1 when 2 then 3 end as begin;",
  "select a.end, b.atomic from a, b;",
  "create schema s create table t (a int) create view w as select 1;",
  "select 'ä', '𝒳' as ö;",
];
const between = [";", ";;", "-- ; '\n", "/* ; ' */", "\n", "\r\n", "\t"];

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
