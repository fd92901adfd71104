/** Makes HTML of text: a template escapes each value, unless it is markup of a template itself. */
import { visibleLines } from "../core/model/visible.ts";

/** A piece of a page. Only `html` and `trusted` make one. */
export class Markup {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  toString(): string {
    return this.#text;
  }
}

/** The values that a template takes. Nothing, `false` and `undefined` leave no trace. */
export type Content = Markup | string | number | false | undefined | readonly Content[];

/**
 * Markup of a template. Each text in it is escaped, and so are signs that nobody sees, such as those that turn the
 * reading direction. Attributes are always in double quotes.
 */
export function html(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const rest = contents.map((content, i) => textOf(content) + (parts[i + 1] ?? ""));
  return new Markup((parts[0] ?? "") + rest.join(""));
}

/** A text of this package that is markup already. Never give it a text from elsewhere. */
export function trusted(text: string): Markup {
  return new Markup(text);
}

function textOf(content: Content): string {
  if (content instanceof Markup) return content.toString();
  if (content === undefined || content === false) return "";
  if (typeof content === "string") return escaped(content);
  return typeof content === "number" ? String(content) : content.map(textOf).join("");
}

const names: { readonly [sign: string]: string } = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
};

function escaped(text: string): string {
  return visibleLines(text).replace(/[&<>"'`]/g, (sign) => names[sign] ?? "");
}
