/** The outcome for each database, in words. */
import type { StorageOutcome } from "../release/storage.ts";

const words: { readonly [Result in StorageOutcome["result"]]: string } = {
  created: "has been created",
  already_there: "has already been created",
  dropped: "has been dropped",
  already_gone: "has already been dropped",
};

/** A line for each repo. */
export function storageText(outcomes: readonly StorageOutcome[]): string {
  return outcomes.map(({ repo, result }) => `The database for ${repo} ${words[result]}\n`).join("");
}
