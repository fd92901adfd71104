/** libpg-query refuses a string that continues after a comment; the server takes it. */
import { lex } from "../core/sql/lexer.ts";

/** The same text with spaces where `-- …` stood, byte for byte, so that every offset stays. */
export function withoutLineComments(sql: string): string {
  return [...lex(sql, "postgres")]
    .map(({ kind, text }) => {
      if (kind === "comment" && text.startsWith("--")) return spaces(text);
      return kind === "string" && /^e/i.test(text) ? text.replace(goesOn, blankGap) : text;
    })
    .join("");
}

/** A part of a string with escapes, and the text between it and the next part. */
const goesOn = /('(?:\\[\s\S]|''|[^'\\])*')((?:[ \t\r\n\f\v]|--[^\r\n]*)*)/g;

function blankGap(_: string, part: string, gap: string): string {
  return part + gap.replace(/--[^\r\n]*/g, spaces);
}

function spaces(text: string): string {
  return " ".repeat(Buffer.byteLength(text));
}
