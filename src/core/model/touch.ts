/**
 * The objects that a migration touches, as data, and whether two migrations touch the same ones.
 */

/** One object that is read or written. */
export type Touch = {
  readonly access: "reads" | "writes";
  /** Default: whatever the connection finds under the name, in any schema. */
  readonly schema?: string | undefined;
  /** `["posts"]` is all of a table, `["posts", "title"]` one column of it. */
  readonly path: readonly string[];
};

/** The objects; or that nobody can tell. */
export type Touches = "anything" | readonly Touch[];

/** In words what both touch, at least one of them to change it: `posts.title`. `undefined` when they may change places. */
export function commonTouch(a: Touches, b: Touches): string | undefined {
  if (a === "anything" || b === "anything") return "anything, as far as Slipway can see";
  for (const left of a) {
    for (const right of b) {
      if (collide(left, right)) {
        return (left.path.length < right.path.length ? left : right).path.join(".");
      }
    }
  }
  return undefined;
}

/** All that several operations touch. */
export function allTouches(parts: readonly Touches[]): Touches {
  const known = parts.filter((part) => part !== "anything");
  return known.length < parts.length ? "anything" : known.flat();
}

function collide(a: Touch, b: Touch): boolean {
  if (a.access === "reads" && b.access === "reads") return false;
  if (a.schema !== undefined && b.schema !== undefined && !same(a.schema, b.schema)) return false;
  const [short, long] = a.path.length < b.path.length ? [a, b] : [b, a];
  return short.path.every((name, i) => same(name, long.path[i] ?? ""));
}

/** Some databases fold names and some do not: what differs only so is taken for one. */
function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
