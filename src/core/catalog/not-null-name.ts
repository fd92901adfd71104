/** The name that PostgreSQL gives to the constraint behind NOT NULL. */

const limit = 63;
const label = "_not_null";

/**
 * `posts_title_not_null`. One that is too long is cut as `makeObjectName` of the server cuts it: the longer of the two
 * parts loses a byte at a time, and no character is cut in half. Without a column it is that of a domain.
 * https://github.com/postgres/postgres/blob/REL_18_STABLE/src/backend/commands/indexcmds.c
 */
export function notNullName(owner: string, column?: string): string {
  const parts = column === undefined ? [owner] : [owner, column];
  const lengths = parts.map((part) => bytesOf(part).length);
  const room = limit - label.length - (parts.length - 1);
  while (lengths.reduce((sum, one) => sum + one, 0) > room) {
    const longest = (lengths[0] ?? 0) > (lengths[1] ?? 0) ? 0 : lengths.length - 1;
    lengths[longest] = (lengths[longest] ?? 0) - 1;
  }
  return parts.map((part, i) => clipped(part, lengths[i] ?? 0)).join("_") + label;
}

function clipped(text: string, length: number): string {
  let kept = "";
  let bytes = 0;
  for (const character of text) {
    bytes += bytesOf(character).length;
    if (bytes > length) break;
    kept += character;
  }
  return kept;
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
