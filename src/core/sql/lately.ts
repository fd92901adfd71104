import type { SqlSyntax } from "./token.ts";

/** As many as one migration has statements, and some more. */
const many = 64;
/** In characters: a longer text takes too much memory to keep what it is made of. */
const longest = 10_000;

/**
 * The last answers of a function of a text. What a migration does is read by many that know nothing of each other, one
 * right behind the other, and each of them asks how the same text is cut.
 */
export class Lately<Answer> {
  readonly #answers: { readonly [Syntax in SqlSyntax]: Map<string, Answer> } = {
    postgres: new Map(),
    mysql: new Map(),
    sqlite: new Map(),
  };

  /** Whether an answer about this text would be kept. */
  takes(text: string): boolean {
    return text.length <= longest;
  }

  get(text: string, syntax: SqlSyntax): Answer | undefined {
    return this.#answers[syntax].get(text);
  }

  keep(text: string, syntax: SqlSyntax, answer: Answer): Answer {
    if (!this.takes(text)) return answer;
    const answers = this.#answers[syntax];
    answers.set(text, answer);
    const [oldest] = answers.keys();
    if (answers.size > many && oldest !== undefined) answers.delete(oldest);
    return answer;
  }
}
