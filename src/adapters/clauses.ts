/** A clause, or nothing when its condition does not hold. */
export type Clause = string | false | undefined;

/** The clauses that are there, with one space between them. */
export function clauses(...parts: readonly Clause[]): string {
  return parts.filter(Boolean).join(" ");
}
