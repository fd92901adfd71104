/** From rows of catalogs to facts. */
import { createHash } from "node:crypto";
import type { Row } from "./adapter.ts";

/** A number that a driver may give as text; `undefined` where it is not known. */
export function numberIn(row: Row | undefined, name: string): number | undefined {
  const value = row?.[name];
  if (value === null || value === undefined) return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

/** A text; `undefined` where it is not known. */
export function textIn(row: Row | undefined, name: string): string | undefined {
  const value = row?.[name];
  return value === null || value === undefined ? undefined : String(value);
}

/** One that two databases share when they have the same lines, in whatever order. */
export function fingerprintOf(lines: readonly string[]): string {
  const sorted = lines.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
  return `sha256:${createHash("sha256").update(sorted.join("\n")).digest("hex")}`;
}

/** The rows of a query, or none where it fails: then `unknown` gets the reason. */
export async function orUnknown(
  query: () => Promise<readonly Row[]>,
  { what, unknown }: { readonly what: string; readonly unknown: string[] },
): Promise<readonly Row[]> {
  try {
    return await query();
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    unknown.push(`${what}: ${reason.split("\n")[0]}`);
    return [];
  }
}
