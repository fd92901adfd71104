/** Versions of apps, ordered as https://semver.org says. */

type Parsed = { readonly numbers: readonly number[]; readonly before: readonly string[] };

/** True for `2.4.0`, `v2.4.0`, `2.4.0-rc.1` and `2.4.0+build`. */
export function isSemver(text: string): boolean {
  return parse(text) !== undefined;
}

/**
 * Negative when `a` comes before `b`, 0 when neither does. What stands behind a `+` does not count.
 *
 * @returns `undefined` when one of them is no version of this form
 */
export function compareSemver(a: string, b: string): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return undefined;
  for (const [i, number] of left.numbers.entries()) {
    const difference = number - right.numbers[i]!;
    if (difference !== 0) return difference;
  }
  return comparePrereleases(left.before, right.before);
}

function parse(text: string): Parsed | undefined {
  const [, major, minor, patch, prerelease] =
    /^v?(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/.exec(
      text,
    ) ?? [];
  if (major === undefined) return undefined;
  return {
    numbers: [major, minor, patch].map(Number),
    before: prerelease === undefined ? [] : prerelease.split("."),
  };
}

/** A version without a prerelease comes after those with one; numbers come before words. */
function comparePrereleases(a: readonly string[], b: readonly string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [i, left] of a.entries()) {
    const right = b[i];
    if (right === undefined) return 1;
    const order = compareIdentifiers(left, right);
    if (order !== 0) return order;
  }
  return a.length - b.length;
}

function compareIdentifiers(a: string, b: string): number {
  const [left, right] = [a, b].map((word) => (/^\d+$/.test(word) ? Number(word) : undefined));
  if (left !== undefined && right !== undefined) return left - right;
  if (left !== undefined) return -1;
  if (right !== undefined) return 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
