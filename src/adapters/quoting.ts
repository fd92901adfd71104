import type { Named } from "../core/model/named.ts";

/** How names with a schema, and lists of names, are written, where one name is quoted so. */
export function quoting(quote: (name: string) => string) {
  return {
    /** A table, view, type or sequence with its schema. */
    quoteNamed: ({ name, prefix }: Named): string =>
      prefix === undefined ? quote(name) : `${quote(prefix)}.${quote(name)}`,
    /** Names in parentheses: `("a", "b")`. */
    quoteList: (names: readonly string[]): string => `(${names.map(quote).join(", ")})`,
  };
}
