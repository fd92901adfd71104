/**
 * Where the token that starts at an offset ends: `undefined` when the rule does not apply there,
 * `notClosed` when it does and the text has no end for it.
 */
export type Match = (text: string, at: number) => number | undefined;

export const notClosed = -1;

/** Matches a sticky expression. */
export function pattern(expression: RegExp): Match {
  return (text, at) => {
    expression.lastIndex = at;
    return expression.test(text) ? expression.lastIndex : undefined;
  };
}

export type QuotedOptions = {
  /** Whether a backslash escapes what follows it. Default: `false`. */
  readonly backslash?: boolean;
  /** Matches from the end of a string to its continuation. Default: strings do not continue. */
  readonly continued?: RegExp;
};

/**
 * Text in quotes; a quote that is doubled does not end it. `opening` matches up to the first quote.
 * A loop, because an expression overflows the stack on a string of some megabytes.
 */
export function quoted(opening: RegExp, options: QuotedOptions = {}): Match {
  const { backslash = false, continued } = options;
  const open = pattern(opening);
  const goOn = continued && pattern(continued);
  return (text, at) => {
    const inside = open(text, at);
    if (inside === undefined) return undefined;
    const quote = text[inside - 1] === "[" ? "]" : text[inside - 1];
    for (let i = inside; i < text.length; i++) {
      // Most of a long text is long strings, which are looked through by the engine and not sign by sign.
      if (!backslash) i = positionOf(text, quote!, i);
      if (backslash && text[i] === "\\") i++;
      else if (text[i] !== quote) continue;
      else if (text[i + 1] === quote && quote !== "]") i++;
      else {
        const next = goOn?.(text, i + 1);
        if (next === undefined) return i + 1;
        i = next - 1;
      }
    }
    return notClosed;
  };
}

function positionOf(text: string, quote: string, from: number): number {
  const at = text.indexOf(quote, from);
  return at === -1 ? text.length : at;
}

/** Text up to the next `closing`, which is what `opening` matched when it is left out. */
export function between(opening: RegExp, closing?: string): Match {
  const open = pattern(opening);
  return (text, at) => {
    const inside = open(text, at);
    if (inside === undefined) return undefined;
    const close = closing ?? text.slice(at, inside);
    const end = text.indexOf(close, inside);
    return end === -1 ? notClosed : end + close.length;
  };
}

/** A comment in which others may stand. */
export function nestedComment(text: string, at: number): number | undefined {
  if (!text.startsWith("/*", at)) return undefined;
  const edge = /\/\*|\*\//g;
  edge.lastIndex = at;
  let depth = 0;
  for (let found = edge.exec(text); found !== null; found = edge.exec(text)) {
    depth += found[0] === "/*" ? 1 : -1;
    if (depth === 0) return edge.lastIndex;
  }
  return notClosed;
}
