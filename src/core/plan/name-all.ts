import { isReleaseError, type ReleaseError, refuse } from "../model/errors.ts";

/**
 * The results of `work`, one for each item. If it refuses some, the error names everything that is
 * wrong at once.
 */
export function nameAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Result,
): readonly Result[] {
  const found: ReleaseError[] = [];
  const results = items.flatMap((item) => {
    try {
      return [work(item)];
    } catch (error) {
      if (!isReleaseError(error)) throw error;
      found.push(error);
      return [];
    }
  });
  refuse(found);
  return results;
}
