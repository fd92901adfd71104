import { expect, test } from "vitest";
import { InvalidSql } from "../../../src/core/sql/invalid-sql.ts";
import { meaning } from "../../../src/core/sql/meaning.ts";
import { splitStatements } from "../../../src/core/sql/statements.ts";
import type { SqlSyntax } from "../../../src/core/sql/token.ts";

const cases: { readonly [Syntax in SqlSyntax]: readonly [string, string, readonly string[]][] } = {
  postgres: [
    ["nothing", "", []],
    ["only a comment", "-- nothing; here\n", []],
    ["empty statements are dropped", ";;select 1;;\n;", ["select 1"]],
    ["no semicolon at the end", "select 1; select 2", ["select 1", "select 2"]],
    ["BOM and CRLF", "\uFEFFselect 1;\r\nselect\r\n2;\r\n", ["select 1", "select\r\n2"]],
    [
      "comments around are dropped, comments inside stay",
      "-- a;\nselect /* ; */ 1 -- b\n; /* c */",
      ["select /* ; */ 1"],
    ],
    ["nested comments", "select 1 /* a /* b; */ c; */; select 2", ["select 1", "select 2"]],
    [
      "a standard string knows no backslash",
      "select 'a\\'; select ';'';'",
      ["select 'a\\'", "select ';'';'"],
    ],
    [
      "an E string does",
      "select E'a\\';b'; select e'\\\\'; select 3",
      ["select E'a\\';b'", "select e'\\\\'", "select 3"],
    ],
    [
      "an E string goes on in the next line",
      "select E'a'\n  'b\\';c'; select 2",
      ["select E'a'\n  'b\\';c'", "select 2"],
    ],
    [
      "U& strings and names",
      "select U&'d\\0061;' as U&\"a;\"; select 2",
      ["select U&'d\\0061;' as U&\"a;\"", "select 2"],
    ],
    ["names in quotes", 'select 1 as "a;""b"; select 2', ['select 1 as "a;""b"', "select 2"]],
    [
      "dollar quotes",
      "do $$ begin; end $$; select $a$ ; $$ ; $a$; select 3",
      ["do $$ begin; end $$", "select $a$ ; $$ ; $a$", "select 3"],
    ],
    [
      "a dollar inside a name quotes nothing",
      "select a$b$ from c; select d$b$",
      ["select a$b$ from c", "select d$b$"],
    ],
    ["parameters", "select $1; select $2", ["select $1", "select $2"]],
    [
      "BEGIN ATOMIC with CASE … END inside",
      "create function f() returns int begin atomic select case when true then 1 end; select 2; end; select 3",
      [
        "create function f() returns int begin atomic select case when true then 1 end; select 2; end",
        "select 3",
      ],
    ],
    [
      "a transaction is statements",
      "begin; select 1; end; commit",
      ["begin", "select 1", "end", "commit"],
    ],
    [
      "a rule in brackets",
      "create rule r as on insert to t do (select 1; select 2); select 3",
      ["create rule r as on insert to t do (select 1; select 2)", "select 3"],
    ],
    [
      "Drizzle's breakpoint ends a statement",
      "create table a ()\n--> statement-breakpoint\ncreate table b ();",
      ["create table a ()", "create table b ()"],
    ],
    [
      "COPY to a file is a statement",
      "copy a from '/tmp/stdin'; select 1",
      ["copy a from '/tmp/stdin'", "select 1"],
    ],
  ],
  mysql: [
    [
      "backslashes escape",
      "select 'a\\';b', \"c\\\";d\"; select 2",
      ["select 'a\\';b', \"c\\\";d\"", "select 2"],
    ],
    ["# starts a comment", "select 1; # a; 'b\nselect 2", ["select 1", "select 2"]],
    [
      "-- needs white space behind it",
      "select 1--2; select 3 -- a;\n; select 4 --\n;",
      ["select 1--2", "select 3", "select 4"],
    ],
    ["--> is no comment", "select 5 --> 4; select 2", ["select 5 --> 4", "select 2"]],
    [
      "Drizzle's breakpoint ends a statement",
      "select 1;--> statement-breakpoint\nselect 2",
      ["select 1", "select 2"],
    ],
    ["backticks", "select `a;``b`; select 2", ["select `a;``b`", "select 2"]],
    ["comments do not nest", "select 1 /* /* ; */; select 2", ["select 1", "select 2"]],
    [
      "a version comment is code",
      "/*!40101 set names utf8 */; select 1",
      ["/*!40101 set names utf8 */", "select 1"],
    ],
    [
      "DELIMITER",
      "DELIMITER //\ncreate procedure p() begin select 1; end//\ndelimiter ;\nselect 2;",
      ["create procedure p() begin select 1; end", "select 2"],
    ],
    [
      "DELIMITER of dollars, behind a word",
      "delimiter $$\nselect 1; select 2$$\r\nselect 3$$\r\nDELIMITER ;\r\nselect 4",
      ["select 1; select 2", "select 3", "select 4"],
    ],
    [
      "DELIMITER of two semicolons",
      "DELIMITER ;;\nselect 1; select 2;;\nDELIMITER ;\nselect 3",
      ["select 1; select 2", "select 3"],
    ],
    [
      "a column may be called delimiter",
      "create table a (\ndelimiter varchar(3)); select 1",
      ["create table a (\ndelimiter varchar(3))", "select 1"],
    ],
    [
      "a routine without DELIMITER",
      "create procedure p() begin select 1; select 2; end; call p()",
      ["create procedure p() begin select 1; select 2; end", "call p()"],
    ],
    [
      "IF, CASE, LOOP, WHILE and REPEAT inside of a routine",
      "create definer = `a`@`b` procedure p() begin if a then select 1; elseif b then select if(a, 1, 2); else case a when 1 then select 1; end case; end if; l: loop leave l; end loop l; while a do set b = case when a then if(a, 1, 2) else 2 end; end while; repeat set a = repeat('b', 2); until a end repeat; end; select 2",
      undefined as never,
    ],
    [
      "a body that is no BEGIN",
      "create procedure p() if a then if b then select 1; end if; end if; drop procedure if exists p",
      [
        "create procedure p() if a then if b then select 1; end if; end if",
        "drop procedure if exists p",
      ],
    ],
    [
      "a body that is one statement",
      "create function f() returns int deterministic return if(1, 2, case 1 when 2 then 3 end); select 2",
      [
        "create function f() returns int deterministic return if(1, 2, case 1 when 2 then 3 end)",
        "select 2",
      ],
    ],
    [
      "a handler",
      "create procedure p() begin declare exit handler for sqlexception begin rollback; end; select 1; end; select 2",
      undefined as never,
    ],
    [
      "a trigger",
      "create trigger t before insert on a for each row begin set new.end = 1; end; select 2",
      undefined as never,
    ],
    [
      "IF NOT EXISTS opens nothing",
      "create procedure if not exists p() select 1; select 2",
      ["create procedure if not exists p() select 1", "select 2"],
    ],
    [
      "a table called event",
      "create table event (a int); select 1",
      ["create table event (a int)", "select 1"],
    ],
    ["a transaction is statements", "begin; select 1; commit", ["begin", "select 1", "commit"]],
    [
      "MariaDB's BEGIN NOT ATOMIC",
      "begin not atomic select 1; for i in 1..2 do select i; end for; end; select 2",
      undefined as never,
    ],
  ],
  sqlite: [
    [
      "four kinds of quotes",
      "select 'a;''', \"b;\", [c;], `d;`; select 2",
      ["select 'a;''', \"b;\", [c;], `d;`", "select 2"],
    ],
    ["a backslash is a character", "select '\\'; select 2", ["select '\\'", "select 2"]],
    [
      "a trigger with CASE … END inside",
      "create temp trigger t after insert on a when case when new.a then 1 end begin update a set b = case when 1 then 2 else 3 end; delete from c; end; select 3",
      undefined as never,
    ],
    [
      "a transaction is statements",
      "begin immediate; select 1; end",
      ["begin immediate", "select 1", "end"],
    ],
    ["parameters", "select :a, @b, $c, ?1; select 2", ["select :a, @b, $c, ?1", "select 2"]],
  ],
};

for (const syntax of ["postgres", "mysql", "sqlite"] as const) {
  test.each(cases[syntax])(`${syntax}: %s`, (_, text, expected) => {
    const found = splitStatements(text, syntax).map((statement) => statement.sql);
    expect(found).toEqual(expected ?? wholeAndSelect(text));
  });
}

/** The one statement before the last one, which is a short SELECT. */
function wholeAndSelect(text: string): readonly string[] {
  const cut = text.lastIndexOf("; ");
  return [text.slice(0, cut), text.slice(cut + 2)];
}

test("a string of some megabytes overflows no stack", () => {
  const text = `select '${"it''s ".repeat(1_000_000)}'; select 2`;
  expect(splitStatements(text, "mysql")).toHaveLength(2);
});

test("a statement knows its line and its words", () => {
  const text =
    "-- one\r\n\r\nCreate table \"a\" (b text default 'c');\n\n/* d\n */ drop\nindex concurrently e";
  expect(splitStatements(text, "postgres")).toEqual([
    {
      sql: "Create table \"a\" (b text default 'c')",
      line: 3,
      words: ["CREATE", "TABLE", "B", "TEXT", "DEFAULT"],
    },
    { sql: "drop\nindex concurrently e", line: 6, words: ["DROP", "INDEX", "CONCURRENTLY", "E"] },
  ]);
});

const refusals: readonly [string, string, SqlSyntax, number, string][] = [
  [
    "a string",
    "select 1;\nselect 'a",
    "postgres",
    2,
    "the string that starts with ' is not closed",
  ],
  ["an E string", "select E'a\\'", "postgres", 1, "the string that starts with E' is not closed"],
  [
    "a dollar quote",
    "do $a$ begin $$",
    "postgres",
    1,
    "the string that starts with $a$ is not closed",
  ],
  ["a name", 'select "a', "sqlite", 1, 'the name that starts with " is not closed'],
  [
    "a comment",
    "\n\nselect 1 /* /* */",
    "postgres",
    3,
    "the comment that starts with /* is not closed",
  ],
  [
    "a command of psql",
    "select 1;\n\\connect other\n",
    "postgres",
    2,
    "\\connect is a command of psql, not SQL",
  ],
  [
    "rows of COPY without an end",
    "select 1;\ncopy a (b) from stdin with (format csv);\nit's\n",
    "postgres",
    2,
    "the rows of COPY … FROM stdin do not end with a line \\.",
  ],
];

test.each(refusals)("refuses %s, with its line", (_, text, syntax, line, reason) => {
  let thrown: unknown;
  try {
    splitStatements(text, syntax);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(InvalidSql);
  expect(thrown).toMatchObject({ reason, line });
});

test("the rows of COPY belong to it, whatever they hold, and lines of pg_dump's own are skipped", () => {
  const text = [
    "\\restrict k3Y",
    "copy a (b) from stdin;",
    "it's \\N; $$ /* -- migrate:down",
    "\\.",
    "COPY public.b FROM stdin WITH (FORMAT csv) ;",
    "\\.",
    "copy c (d) to stdout;",
    "select 1;",
    "\\unrestrict k3Y",
  ].join("\n");
  const found = splitStatements(text, "postgres");
  expect(found.map(({ sql, line, stdin }) => [sql, line, stdin])).toEqual([
    ["copy a (b) from stdin", 2, "it's \\N; $$ /* -- migrate:down\n"],
    ["COPY public.b FROM stdin WITH (FORMAT csv)", 5, ""],
    ["copy c (d) to stdout", 7, undefined],
    ["select 1", 8, undefined],
  ]);
  const edited = text.replace("it's", "it is");
  expect(meaning(text, "postgres")).toBe(meaning(text.replaceAll("k3Y", "other"), "postgres"));
  expect(meaning(edited, "postgres")).not.toBe(meaning(text, "postgres"));
});
