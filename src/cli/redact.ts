/** Keeps passwords out of what is printed. */

/** Greedy up to the last `@`, because a password in a URL may hold one. */
const userInfo = /(:\/\/[^\s:/@"'`]*):[^\s"'`]*@/g;
const parameter = /\b(password=)(?:'[^']*'|[^\s&"'`]+)/gi;

/** The text with `***` for every password that stands in a URL or a connection string. */
export function redact(text: string): string {
  return text.replace(userInfo, "$1:***@").replace(parameter, "$1***");
}

/** The same for every text inside plain data, but for hints, which say how to write a URL. */
export function redactAll(value: unknown): unknown {
  const plain = plainOf(value);
  if (typeof plain === "string") return redact(plain);
  if (Array.isArray(plain)) return plain.map(redactAll);
  if (typeof plain !== "object" || plain === null) return plain;
  const entries = Object.entries(plain);
  return Object.fromEntries(
    entries.map(([key, inner]) => [key, key === "hint" ? inner : redactAll(inner)]),
  );
}

function plainOf(value: unknown): unknown {
  if (typeof value !== "object" || value === null || !("toJSON" in value)) return value;
  return typeof value.toJSON === "function" ? value.toJSON() : value;
}
