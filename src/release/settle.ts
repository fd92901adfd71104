/** Does one thing for each repo at once, and names every error. */
import { isReleaseError, type ReleaseError, refuse } from "../core/model/errors.ts";

/** Gives all results and all errors. Throws an error that is not ours, when all have ended. */
export async function settle<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
  undo: (result: Result) => Promise<void> = async () => undefined,
): Promise<{ readonly results: readonly Result[]; readonly errors: readonly ReleaseError[] }> {
  const settled = await Promise.allSettled(items.map(work));
  const results = settled.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
  const reasons = settled.flatMap((one) =>
    one.status === "rejected" ? [one.reason as unknown] : [],
  );
  // Undo also after an error that is not ours: an open connection keeps the process from ending.
  if (reasons.length > 0) await Promise.allSettled(results.map(undo));
  const foreign = reasons.find((reason) => !isReleaseError(reason));
  if (foreign !== undefined) throw foreign;
  return { results, errors: reasons.filter(isReleaseError) };
}

/** Like `settle`, but throws when anything went wrong, after `undo` of the results. */
export async function settleAll<Item, Result>(
  ...given: Parameters<typeof settle<Item, Result>>
): Promise<readonly Result[]> {
  const { results, errors } = await settle(...given);
  // One signal ends them all, so one error is enough.
  const stopped = errors.find(({ code }) => code === "interrupted");
  refuse(stopped === undefined ? errors : [stopped]);
  return results;
}
