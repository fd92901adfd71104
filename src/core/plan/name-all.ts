import { isReleaseError, type ReleaseError, refuse } from "../model/errors.ts";

/** What `work` gives of each; names everything that is wrong in all of them at once. */
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
