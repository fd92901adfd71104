/** A file in pieces is cut as the same file in one. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidSql } from "../../../src/core/sql/invalid-sql.ts";
import { withoutOwnTables } from "../../../src/core/sql/own-tables.ts";
import { withoutOwnTransaction } from "../../../src/core/sql/own-transaction.ts";
import { streamedStatements } from "../../../src/core/sql/statement-stream.ts";
import { splitStatements } from "../../../src/core/sql/statements.ts";

const parts = [
  "create table a (id int);\n",
  "insert into a values (1); insert into a values (2);\n",
  "insert into b values ('it''s; -- no comment', E'a\\';b', $$ ; $$, $tag$ '; $$ $tag$);\r\n",
  "-- a comment; with 'quotes\n",
  "/* a comment /* within ; */ one */\n",
  "create function f() returns int language sql begin atomic select 1; select 2; end;\n",
  "copy a (id) from stdin;\n1\n2;\n'3\n\\.\n",
  "copy a from stdin;\n\\.\n",
  '"odd ; name";\n\n\n',
  "select 'a'\n  'b';\n",
  "\\restrict abc\n",
  "begin;\ninsert into a values (3);\ncommit;\n",
  "select 1 --> statement-breakpoint\n",
  "comment on table a is 'ä€😀;';\n",
];

/** As files that are read whole. */
function whole(text: string) {
  return splitStatements(
    withoutOwnTransaction(withoutOwnTables(text, "postgres"), "postgres"),
    "postgres",
  );
}

function cutAt(text: string, sizes: readonly number[]): readonly string[] {
  const pieces: string[] = [];
  let at = 0;
  for (let i = 0; at < text.length; i++) {
    const size = sizes[i % sizes.length] ?? 1;
    pieces.push(text.slice(at, at + size));
    at += size;
  }
  return pieces;
}

it("gives the same statements with the same lines, wherever it is cut", () => {
  const texts = fc.array(fc.constantFrom(...parts), { maxLength: 12 }).map((some) => some.join(""));
  const sizes = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(texts, sizes, (text, some) => {
      expect([...streamedStatements(cutAt(text, some))]).toEqual(whole(text));
    }),
    { numRuns: 500 },
  );
});

describe("rows of a COPY that are longer than a piece of work", () => {
  const row = `${"x".repeat(90)}\\\nend\t1\n`;
  const rows = row.repeat(100_000);
  const text = (copy: string) => `${copy}\n${rows}\\.\nselect 1;\n`;
  const cut = (copy: string) => [...streamedStatements(cutAt(text(copy), [250_000]))];

  it("go in parts of whole rows", () => {
    const found = cut("copy a (body, n) from stdin;");
    const copies = found.slice(0, -1);
    expect(copies.length).toBeGreaterThan(1);
    expect(copies.map(({ stdin }) => stdin).join("")).toBe(rows);
    expect(copies.every(({ stdin }) => stdin?.endsWith("end\t1\n"))).toBe(true);
    expect(new Set(copies.map(({ sql }) => sql))).toEqual(new Set(["copy a (body, n) from stdin"]));
    expect(found.at(-1)).toMatchObject({ sql: "select 1", line: 200_003 });
  });

  it("go as one where they begin with a header", () => {
    const found = cut("copy a from stdin with (header);");
    expect(found.map(({ stdin }) => stdin)).toEqual([rows, undefined]);
  });
});

describe("a text that goes wrong", () => {
  const cases: readonly (readonly [string, string, number, RegExp])[] = [
    ["a string that is not closed", "select 1;\n\nselect 'a;\n", 3, /not closed/],
    ["a command of psql", "select 1;\n\\connect other\nselect 2;\n", 2, /command of psql/],
    ["rows without an end", "select 1;\ncopy a from stdin;\n1\n", 2, /do not end/],
    ["an end of a transaction", "select 1;\ncommit;\nselect 2;\n", 2, /COMMIT would end/],
    ["a transaction without an end", "begin;\nselect 1;\n", 1, /BEGIN would end/],
  ];

  it.each(cases)("%s is told with its line", (_, text, line, reason) => {
    const told = (read: () => unknown) => {
      try {
        read();
      } catch (error) {
        expect(error).toBeInstanceOf(InvalidSql);
        return error as InvalidSql;
      }
      return expect.unreachable();
    };
    const streamed = told(() => [...streamedStatements(cutAt(text, [7]))]);
    expect(streamed.message).toMatch(reason);
    expect(streamed.line).toBe(line);
    expect(streamed.message).toBe(told(() => whole(text)).message);
  });
});

it("leaves out what a dump says of tables of ours", () => {
  const dump = `-- PostgreSQL database dump
create table posts (id int);
CREATE TABLE public.schema_migrations (version bigint);
COPY public.schema_migrations (version) FROM stdin;
1
\\.
insert into posts values (1);
`;
  const found = [...streamedStatements(cutAt(dump, [50]))];
  expect(found).toEqual(whole(dump));
  expect(found.map(({ line }) => line)).toEqual([2, 7]);
});
