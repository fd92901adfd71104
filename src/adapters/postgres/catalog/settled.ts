/** Writes an expression as the server does once it has read its own text again. */

/**
 * The server keeps `status IN ('a', 'b')` of a varchar as an array that is cast, and writes it so.
 * Once it has read that text again, it casts each element, and writes it so from then on. Without
 * this, two databases that mean the same would differ.
 */
export function settled(definition: string): string {
  let text = definition;
  for (let from = 0; ; ) {
    const start = text.indexOf("(ARRAY[", from);
    if (start === -1) return text;
    from = start + 1;
    if (isInString(text, start)) continue;
    const elements = elementsFrom(text, start + "(ARRAY[".length);
    const cast =
      elements && /^\]\)::((?:[\w."]+ ?)+?)(\(\d+(?:,\d+)?\))?\[\]/.exec(text.slice(elements.end));
    if (!elements || !cast) continue;
    const [whole, type = "", modifier = ""] = cast;
    const items = elements.items.map((item) => `(${item})::${type}${modifier}`);
    text = `${text.slice(0, start)}ARRAY[${items.join(", ")}]${text.slice(elements.end + whole.length)}`;
  }
}

function isInString(text: string, at: number): boolean {
  let quote: string | undefined;
  for (const char of text.slice(0, at)) {
    if (quote === undefined) quote = char === "'" || char === '"' ? char : undefined;
    else if (char === quote) quote = undefined;
  }
  return quote !== undefined;
}

/**
 * The text between the brackets, cut at the commas outside of other brackets, and the place of the
 * closing bracket.
 */
function elementsFrom(
  text: string,
  start: number,
): { readonly items: readonly string[]; readonly end: number } | undefined {
  const items: string[] = [];
  let [depth, from] = [0, start];
  let quote: string | undefined;
  for (let i = start; i < text.length; i++) {
    const char = text[i]!;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
    } else if (char === "'" || char === '"') quote = char;
    else if (char === "(" || char === "[") depth++;
    else if (char === ")" || (char === "]" && depth > 0)) depth--;
    else if (char === "]") return { items: [...items, text.slice(from, i)], end: i };
    else if (char === "," && depth === 0) {
      items.push(text.slice(from, i));
      from = i + 2;
    }
  }
  return undefined;
}
