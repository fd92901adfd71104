/** How each kind of database cuts text into tokens. Nothing depends on a version or on a setting of the server. */
import { between, type Match, nestedComment, pattern, quoted } from "./match.ts";
import type { SqlSyntax, TokenKind } from "./token.ts";

/**
 * The kind that it finds, how it finds it, and the signs that may begin one: the lexer asks it for
 * no others.
 */
export type LexicalRule = readonly [TokenKind, Match, begins: RegExp];

/** The first rule that matches wins. */
export type LexicalRules = readonly LexicalRule[];

const space = /[ \t\r\n\f\v\uFEFF]/;
const letter = /[A-Za-z_\x80-\uFFFF]/;
const digitOrDot = /[\d.]/;

/**
 * From the end of a string to its continuation: a line break, and comments to the end of their
 * lines.
 */
const nextLine = /[ \t\f\v]*(?:--[^\r\n]*)?[\r\n](?:[ \t\r\n\f\v]|--[^\r\n]*[\r\n])*'/y;

/** https://www.postgresql.org/docs/current/sql-syntax-lexical.html */
const postgres = (): LexicalRules => [
  ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y), space],
  ["end", pattern(/;|--> statement-breakpoint/y), /[;-]/],
  ["comment", pattern(/--[^\r\n]*/y), /-/],
  ["comment", nestedComment, /\//],
  // The second line of a continued string has the escapes of the first.
  ["string", quoted(/[eE]'/y, { backslash: true, continued: nextLine }), /[eE]/],
  ["string", quoted(/(?:[bBnNxX]|[uU]&)?'/y), /[bBnNxXuU']/],
  ["string", between(/\$(?:[A-Za-z_\x80-\uFFFF][\w\x80-\uFFFF]*)?\$/y), /\$/],
  ["name", quoted(/(?:[uU]&)?"/y), /[uU"]/],
  ["parameter", pattern(/\$\d+/y), /\$/],
  ["number", pattern(/0[xXoObB][\da-fA-F_]+/y), /0/],
  [
    "number",
    pattern(/(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?/y),
    digitOrDot,
  ],
  ["word", pattern(/[A-Za-z_\x80-\uFFFF][\w$\x80-\uFFFF]*/y), letter],
  ["symbol", pattern(/::|:=|\.\./y), /[:.]/],
  ["symbol", postgresOperator, /[-+*/<>=~!@#%^&|`?]/],
];

/** https://dev.mysql.com/doc/refman/8.4/en/language-structure.html */
const mysql = (): LexicalRules => [
  ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y), space],
  ["end", pattern(/;|--> statement-breakpoint/y), /[;-]/],
  // A carriage return does not end it, here and in SQLite: the server reads on to the line feed.
  ["comment", pattern(/#[^\n]*|--(?=[\0-\x20]|$)[^\n]*/y), /[#-]/],
  // The server runs what stands in these comments.
  ["symbol", pattern(/\/\*M?!\d*|\*\//y), /[/*]/],
  ["comment", between(/\/\*/y, "*/"), /\//],
  ["string", quoted(/[bBnNxX]?'|"/y, { backslash: true }), /[bBnNxX'"]/],
  ["name", quoted(/`/y), /`/],
  ["parameter", pattern(/\?|@@?(?:[\w$.\x80-\uFFFF]+|`[^`]*`)/y), /[?@]/],
  ["number", pattern(/(?:0[xX][\da-fA-F]+|0b[01]+)(?![\w$\x80-\uFFFF])/y), /0/],
  ["number", pattern(/(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?(?![\w$\x80-\uFFFF])/y), digitOrDot],
  // A name may start with a digit.
  ["word", pattern(/[\w$\x80-\uFFFF]+/y), /[\w$\x80-\uFFFF]/],
  ["symbol", pattern(/<=>|->>|<=|>=|<>|!=|:=|->|<<|>>|\|\||&&/y), /[<>!:|&-]/],
];

/** https://www.sqlite.org/src/file/src/tokenize.c */
const sqlite = (): LexicalRules => [
  ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y), space],
  ["end", pattern(/;|--> statement-breakpoint/y), /[;-]/],
  ["comment", pattern(/--[^\n]*/y), /-/],
  ["comment", between(/\/\*/y, "*/"), /\//],
  ["string", quoted(/[xX]?'/y), /[xX']/],
  ["name", quoted(/["`[]/y), /["`[]/],
  ["parameter", pattern(/\?\d*|[:@$][\w\x80-\uFFFF]+/y), /[?:@$]/],
  ["number", pattern(/0[xX][\da-fA-F_]+/y), /0/],
  ["number", pattern(/(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y), digitOrDot],
  ["word", pattern(/[A-Za-z_\x80-\uFFFF][\w$\x80-\uFFFF]*/y), letter],
  ["symbol", pattern(/->>|<=|>=|<>|!=|==|->|<<|>>|\|\|/y), /[-<>!=|]/],
];

/** Are there in a built release only, when no repo has such a database. */
declare const slipwayWithoutMysql: true | undefined;
declare const slipwayWithoutSqlite: true | undefined;

const makers: { readonly [Syntax in SqlSyntax]: () => LexicalRules } = {
  postgres,
  mysql: typeof slipwayWithoutMysql === "undefined" ? mysql : postgres,
  sqlite: typeof slipwayWithoutSqlite === "undefined" ? sqlite : postgres,
};
/** By the first sign, for those of ASCII; all rules for the others. */
type RulesBySign = { readonly all: LexicalRules; readonly of: (LexicalRules | undefined)[] };
const made: { [Syntax in SqlSyntax]?: RulesBySign } = {};

/** The rules of a syntax that may match where `text` has such a sign at `at`. */
export function rulesAt(text: string, at: number, syntax: SqlSyntax): LexicalRules {
  made[syntax] ??= { all: makers[syntax](), of: [] };
  const { all, of } = made[syntax];
  const code = text.charCodeAt(at);
  if (code > 127) return all;
  of[code] ??= all.filter(([, , begins]) => begins.test(text[at]!));
  return of[code];
}

/** An operator ends before a comment; it ends in + or - only together with a character that standard SQL has not. */
function postgresOperator(text: string, at: number): number | undefined {
  const run = /[-+*/<>=~!@#%^&|`?]+/y;
  run.lastIndex = at;
  const [all] = run.exec(text) ?? [];
  if (all === undefined) return undefined;
  const [operator = ""] = all.split(/--|\/\*/, 1);
  const cut = /[~!@#%^&|`?]/.test(operator) ? operator : operator.replace(/(?<=.)[-+]+$/, "");
  return cut === "" ? undefined : at + cut.length;
}
