/** Whether two texts are the same manifest, however a formatter lays them out. */

/**
 * Compares the content: white space, commas, parentheses and the kind of quotes do not count,
 * except inside strings.
 */
export function sameManifest(one: string, other: string): boolean {
  const [a, b] = [tokens(one), tokens(other)];
  return a.length === b.length && a.every((token, i) => token === b[i]);
}

const token = /\/\/[^\r\n]*|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|[\w$]+|[^\s,;()]/g;

function tokens(text: string): readonly string[] {
  return [...text.matchAll(token)].map(([found]) =>
    /^["']/.test(found) ? unquoted(found) : found,
  );
}

/** A key without quotes is the same key, so a string is its content. */
function unquoted(quoted: string): string {
  return quoted.slice(1, -1).replace(/\\(["'])/g, "$1");
}
