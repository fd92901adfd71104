/** Keeps passwords out of what is printed. */

/** Greedy up to the last `@`, because a password in a URL may hold one. */
const userInfo = /(:\/\/[^\s:/@"'`]*):[^\s"'`]*@/g;
const parameter = /\b(password=)(?:'[^']*'|[^\s&"'`]+)/gi;

/** The text with `***` for every password that stands in a URL or a connection string. */
export function redact(text: string): string {
  return text.replace(userInfo, "$1:***@").replace(parameter, "$1***");
}

/** The same for every text inside plain data. */
export function redactAll(value: unknown): unknown {
  if (typeof value === "string") return redact(value);
  if (Array.isArray(value)) return value.map(redactAll);
  if (typeof value !== "object" || value === null) return value;
  const plain: object = "toJSON" in value && typeof value.toJSON === "function" ? value.toJSON() : value;
  if (typeof plain !== "object") return redactAll(plain);
  return Object.fromEntries(Object.entries(plain).map(([key, inner]) => [key, redactAll(inner)]));
}
