/** In CI everything that tests use must be there; elsewhere the tests that need what is missing say so, and skip. */
import { inCi } from "./surroundings.ts";

/** Says what is missing and how to install it; in CI it throws that. */
export function tellMissing(words: string): void {
  if (process.env[inCi] === "true") throw new Error(words);
  console.warn(`skipped, ${words}`);
}
