/** The safe form as a migration in TypeScript writes it. */

export type Word =
  | string
  | number
  | boolean
  | readonly Word[]
  | { readonly [option: string]: Word | undefined };

/** A table; its schema goes without saying where that is `public`. */
export type TableInTypescript = { readonly schema: string; readonly name: string };

/** A call of `m` on a table, which is named with its schema where that is not `public`. */
export function inDsl(
  method: string,
  table: TableInTypescript,
  {
    args = [],
    options = {},
  }: {
    readonly args?: readonly Word[];
    readonly options?: { readonly [option: string]: Word | undefined };
  } = {},
): string {
  const prefix = table.schema === "public" ? {} : { prefix: table.schema };
  const all = { ...options, ...prefix };
  const words: readonly Word[] = [
    table.name,
    ...args,
    ...(Object.keys(all).length === 0 ? [] : [all]),
  ];
  return `m.${method}(${words.map(written).join(", ")});`;
}

/** The option for a name, unless it is the one that the words make by default. */
export function nameUnless(name: string, words: readonly string[]): { readonly name?: string } {
  return name === words.join("_") ? {} : { name };
}

function written(word: Word): string {
  if (typeof word !== "object") return JSON.stringify(word);
  if (isList(word)) return `[${word.map(written).join(", ")}]`;
  const entries = Object.entries(word).flatMap(([option, value]) =>
    value === undefined ? [] : [`${option}: ${written(value)}`],
  );
  return `{ ${entries.join(", ")} }`;
}

function isList(word: object): word is readonly Word[] {
  return Array.isArray(word);
}
