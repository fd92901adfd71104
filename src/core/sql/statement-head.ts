import { type Token, wordOf } from "./token.ts";

/** Watches the first words of a statement, in upper case and without quoted text, for a pattern. */
export type StatementHead = { read(token: Token): void; matched(): boolean };

/** No head is longer: CREATE OR REPLACE DEFINER user AGGREGATE FUNCTION. */
const longest = 7;

/** `pattern` must match all the words up to some point. */
export function statementHead(pattern: RegExp): StatementHead {
  const words: string[] = [];
  let matched = false;
  return {
    matched: () => matched,
    read(token) {
      if (token.kind !== "word" || matched || words.length === longest) return;
      words.push(wordOf(token));
      matched = pattern.test(words.join(" "));
    },
  };
}
