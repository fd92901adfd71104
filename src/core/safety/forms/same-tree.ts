/** Whether two statements say the same, wherever their words stand. */

/** The tree as text, without places and without what the grammar marks in passing. */
export function meaningOf(tree: unknown): string {
  return JSON.stringify(tree, (key, value) => {
    if (/(^|_)location$|^(list_start|list_end|initially_valid)$/.test(key)) return undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** Whether two trees say the same. */
export function sameTree(a: unknown, b: unknown): boolean {
  return meaningOf(a) === meaningOf(b);
}
