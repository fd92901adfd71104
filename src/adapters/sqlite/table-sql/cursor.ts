/** A place in the tokens of an SQL text, for readers that take one token after the other. */
import { lex } from "../../../core/sql/lexer.ts";
import { isCode, type Token, wordOf } from "../../../core/sql/token.ts";

export class Cursor {
  readonly text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.text = text;
    this.#tokens = [...lex(text, "sqlite")].filter(isCode);
  }

  /** The word here, or `ahead` of here, in upper case; empty for anything that is not a bare word. */
  word(ahead = 0): string {
    return wordOf(this.#tokens[this.#at + ahead]);
  }

  /** The token here. */
  peek(): Token | undefined {
    return this.#tokens[this.#at];
  }

  is(symbol: string): boolean {
    return this.peek()?.text === symbol;
  }

  /** Takes the token here. Throws at the end of the text. */
  take(): Token {
    const token = this.peek();
    if (token === undefined) throw new Error(`the table's SQL ends too early: ${this.text}`);
    this.#at += 1;
    return token;
  }

  /** Takes a token that has to be this one. */
  expect(text: string): void {
    const { start } = this.peek() ?? { start: this.text.length };
    if (this.take().text.toUpperCase() === text) return;
    throw new Error(`the table's SQL cannot be read: expected ${text} at ${start} of ${this.text}`);
  }

  /** Takes the words if they stand here, one after the other. */
  accept(...words: readonly string[]): boolean {
    if (!words.every((word, ahead) => this.word(ahead) === word)) return false;
    this.#at += words.length;
    return true;
  }

  /** Takes a name, without its quotes. */
  name(): string {
    return unquote(this.take().text);
  }

  /** Takes everything from an opening parenthesis to the one that closes it; gives the tokens between them. */
  parentheses(): readonly Token[] {
    this.expect("(");
    const first = this.#at;
    for (let depth = 1; depth > 0; ) {
      const { text } = this.take();
      depth += text === "(" ? 1 : text === ")" ? -1 : 0;
    }
    return this.#tokens.slice(first, this.#at - 1);
  }

  /** The text from `start`, an offset, to the end of the last taken token. */
  since(start: number): string {
    const last = this.#tokens[this.#at - 1]!;
    return this.text.slice(start, last.start + last.text.length);
  }

  /** The tokens taken since the one that starts at `start`. */
  tokensSince(start: number): readonly Token[] {
    return this.#tokens.slice(0, this.#at).filter((token) => token.start >= start);
  }
}

/** A name without its quotes. https://www.sqlite.org/lang_keywords.html */
export function unquote(text: string): string {
  const [quoted = ""] = text;
  if (quoted === "[") return text.slice(1, -1);
  if (quoted !== '"' && quoted !== "`" && quoted !== "'") return text;
  return text.slice(1, -1).replaceAll(quoted + quoted, quoted);
}
