/** How each kind of database cuts text into tokens: the first rule that matches wins. */
import type { SqlSyntax, TokenKind } from "./token.ts";

/** Where the token that starts at an offset ends; `undefined` when the rule does not apply there. */
type Match = (text: string, at: number) => number | undefined;

export type LexicalRules = {
  readonly rules: readonly (readonly [TokenKind, Match])[];
  /** What can only be the start of something that never ends. */
  readonly open: RegExp;
};

/** The rules of each syntax. Nothing here depends on the version or on a setting of the server. */
export const lexicalRules: { readonly [Syntax in SqlSyntax]: LexicalRules } = {
  // https://www.postgresql.org/docs/current/sql-syntax-lexical.html
  postgres: {
    rules: [
      ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y)],
      ["end", pattern(/;|--> statement-breakpoint/y)],
      ["comment", pattern(/--[^\r\n]*/y)],
      ["comment", nestedComment],
      // The second line of a string that goes on has the escapes of the first.
      ["string", pattern(/[eE]'[^'\\]*(?:(?:''|\\[\s\S]|'[ \t\f\v]*[\r\n]\s*')[^'\\]*)*'/y)],
      ["string", pattern(/(?:[bBnNxX]|[uU]&)?'[^']*(?:''[^']*)*'/y)],
      ["string", pattern(/(\$(?:[A-Za-z_\x80-\uFFFF][\w\x80-\uFFFF]*)?\$)[\s\S]*?\1/y)],
      ["name", pattern(/(?:[uU]&)?"[^"]*(?:""[^"]*)*"/y)],
      ["parameter", pattern(/\$\d+/y)],
      [
        "number",
        pattern(
          /0[xXoObB][\da-fA-F_]+|(?:\d[\d_]*(?:\.(?!\.)[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y,
        ),
      ],
      ["word", pattern(/[A-Za-z_\x80-\uFFFF][\w$\x80-\uFFFF]*/y)],
      ["symbol", pattern(/::|:=|\.\./y)],
      ["symbol", postgresOperator],
    ],
    open: /[eE]?'|"|\/\*|\$(?:[A-Za-z_\x80-\uFFFF][\w\x80-\uFFFF]*)?\$/y,
  },
  // https://dev.mysql.com/doc/refman/8.4/en/language-structure.html
  mysql: {
    rules: [
      ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y)],
      ["end", pattern(/;|--> statement-breakpoint/y)],
      ["comment", pattern(/#[^\r\n]*|--(?=[\0-\x20]|$)[^\r\n]*/y)],
      // The server runs what stands in these comments.
      ["symbol", pattern(/\/\*M?!\d*|\*\//y)],
      ["comment", pattern(/\/\*[\s\S]*?\*\//y)],
      ["string", pattern(/[bBnNxX]?'[^'\\]*(?:(?:''|\\[\s\S])[^'\\]*)*'/y)],
      ["string", pattern(/"[^"\\]*(?:(?:""|\\[\s\S])[^"\\]*)*"/y)],
      ["name", pattern(/`[^`]*(?:``[^`]*)*`/y)],
      ["parameter", pattern(/\?|@@?(?:[\w$.\x80-\uFFFF]+|`[^`]*`)/y)],
      [
        "number",
        pattern(
          /(?:0[xX][\da-fA-F]+|0b[01]+|\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+(?:[eE][+-]?\d+)?)(?![\w$\x80-\uFFFF])/y,
        ),
      ],
      // A name may start with a digit.
      ["word", pattern(/[\w$\x80-\uFFFF]+/y)],
      ["symbol", pattern(/<=>|->>|<=|>=|<>|!=|:=|->|<<|>>|\|\||&&/y)],
    ],
    open: /'|"|`|\/\*/y,
  },
  // https://www.sqlite.org/src/file/src/tokenize.c
  sqlite: {
    rules: [
      ["space", pattern(/[ \t\r\n\f\v]+|^\uFEFF/y)],
      ["end", pattern(/;|--> statement-breakpoint/y)],
      ["comment", pattern(/--[^\r\n]*|\/\*[\s\S]*?\*\//y)],
      ["string", pattern(/[xX]?'[^']*(?:''[^']*)*'/y)],
      ["name", pattern(/"[^"]*(?:""[^"]*)*"|`[^`]*(?:``[^`]*)*`|\[[^\]]*\]/y)],
      ["parameter", pattern(/\?\d*|[:@$][\w\x80-\uFFFF]+/y)],
      [
        "number",
        pattern(/0[xX][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y),
      ],
      ["word", pattern(/[A-Za-z_\x80-\uFFFF][\w$\x80-\uFFFF]*/y)],
      ["symbol", pattern(/->>|<=|>=|<>|!=|==|->|<<|>>|\|\|/y)],
    ],
    open: /'|"|`|\[|\/\*/y,
  },
};

function pattern(expression: RegExp): Match {
  return (text, at) => {
    expression.lastIndex = at;
    return expression.test(text) ? expression.lastIndex : undefined;
  };
}

function nestedComment(text: string, at: number): number | undefined {
  if (!text.startsWith("/*", at)) return undefined;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return undefined;
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
