/** Names of tables in statements of MySQL and MariaDB. */
import { type Token, wordOf } from "../../sql/token.ts";
import { plainText } from "./mysql-schema.ts";

/** A word that stands in no text. */
export function wordToken(text: string): Token {
  return { kind: "word", text, start: 0 };
}

/** The new name of a table, where a part of an ALTER TABLE gives it one. */
export function renamedTo(spec: readonly Token[]): string | undefined {
  if (wordOf(spec[0]) !== "RENAME" || /^(COLUMN|INDEX|KEY)$/.test(wordOf(spec[1])))
    return undefined;
  return nameOfTable(spec.slice(/^(TO|AS)$/.test(wordOf(spec[1])) ? 2 : 1));
}

/** `` `d`.`t` `` → `d.t` */
export function nameOfTable(tokens: readonly Token[]): string {
  const isDotted = tokens[1]?.text === ".";
  return tokens
    .slice(0, isDotted ? 3 : 1)
    .map(plainText)
    .join("");
}

/** The name behind a word, and whether IF stands before it. */
export function nameAfter(tokens: readonly Token[], word: string) {
  let at = tokens.findIndex((token) => wordOf(token) === word) + 1;
  const isIf = wordOf(tokens[at]) === "IF";
  while (/^(IF|NOT|EXISTS)$/.test(wordOf(tokens[at]))) at += 1;
  const isDotted = tokens[at + 1]?.text === ".";
  return { name: nameOfTable(tokens.slice(at)), end: at + (isDotted ? 3 : 1), isIf };
}
