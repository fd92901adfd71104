/** Finds the tool of a folder by the texts and names of its files. Pure. */
import { markersOf, namesOf } from "./tools.ts";

export type TextFiles = {
  readonly paths: readonly string[];
  readonly read: (path: string) => string;
};

/** The number of its files to look at. */
const looked = 5;

/** `isSure` where their text says it, and not their names alone. */
export function saidBy(
  { paths, read }: TextFiles,
  folder: string,
): { readonly tool: string; readonly isSure: boolean } | undefined {
  const inside = paths.filter((path) => path.startsWith(`${folder}/`));
  const texts = [/\.sql$/, /\.[cm]?[jt]s$/].flatMap((ending) =>
    inside
      .filter((path) => ending.test(path) && !path.endsWith(".d.ts"))
      .toSorted((a, b) => Number(isNumbered(b)) - Number(isNumbered(a)))
      .slice(0, looked)
      .map(read),
  );
  const [marked] = markersOf.find(([, marker]) => texts.some((text) => marker.test(text))) ?? [];
  if (marked !== undefined) return { tool: marked, isSure: true };
  const [named] = namesOf.find(([, name]) => inside.some((path) => name.test(path))) ?? [];
  return named === undefined ? undefined : { tool: named, isSure: false };
}

function isNumbered(path: string): boolean {
  return /\d[^/]*$/.test(path);
}
