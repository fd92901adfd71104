/** Text of others for people: nothing in it can move the cursor, turn the reading direction or pass for a line of ours. */

/** C0 and C1, what turns the reading direction, what ends a line, and what has no width. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const unseen = /[\0-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** On one line: `\n`, `\x1b`, `\u202e` stand for what would not be seen. */
export function visible(text: string): string {
  return text.replace(unseen, escaped);
}

/** Lines stay lines, and tabs are tabs. */
export function visibleLines(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(unseen, (sign) => (sign === "\n" || sign === "\t" ? sign : escaped(sign)));
}

/** Lines stay lines, but only the first can begin at the left edge, where ours do. */
export function visibleBlock(text: string): string {
  return visibleLines(text).replace(/\n(?=\S)/g, "\n  ");
}

/** Plain data with every text in it changed. */
export function mapTexts<Value>(value: Value, change: (text: string) => string): Value;
export function mapTexts(value: unknown, change: (text: string) => string): unknown {
  if (typeof value === "string") return change(value);
  if (Array.isArray(value)) return value.map((one) => mapTexts(one, change));
  // A date or bytes say themselves how they are written.
  if (typeof value !== "object" || value === null || "toJSON" in value) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, change)]),
  );
}

function escaped(sign: string): string {
  const named = "\t\n\r".indexOf(sign);
  if (named >= 0) return `\\${"tnr"[named]}`;
  const code = sign.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`;
}
