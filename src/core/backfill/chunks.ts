/** Rows as text, in as few statements as may be. Pure. */

/** No statement has more text than this, unless a single row has. */
export const mostText = 500_000;

/** The texts in their order, in lists that are `mostText` long at most. */
export function chunksOf(texts: readonly string[]): readonly (readonly string[])[] {
  const chunks: string[][] = [];
  let length = Number.POSITIVE_INFINITY;
  for (const text of texts) {
    if (length + text.length > mostText) {
      chunks.push([]);
      length = 0;
    }
    chunks.at(-1)?.push(text);
    length += text.length;
  }
  return chunks;
}
