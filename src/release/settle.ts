/** Does one thing for each repo at once, and names every error. */
import { isReleaseError, type ReleaseError, refuse } from "../core/errors.ts";

/** What went well, and what did not. An error that is not ours is thrown at once. */
export async function settle<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<{ readonly results: readonly Result[]; readonly errors: readonly ReleaseError[] }> {
  const settled = await Promise.allSettled(items.map(work));
  const reasons = settled.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  const foreign = reasons.find((reason) => !isReleaseError(reason));
  if (foreign !== undefined) throw foreign;
  return {
    results: settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : [])),
    errors: reasons.filter(isReleaseError),
  };
}

/** Like `settle`, but throws when anything went wrong, after `undo` of what went well. */
export async function settleAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  undo: (result: Result) => Promise<void> = async () => undefined,
): Promise<readonly Result[]> {
  const { results, errors } = await settle(items, work);
  if (errors.length > 0) await Promise.all(results.map(undo));
  refuse(errors);
  return results;
}
