/** Files that stay only if the proof of them holds. */
import { rmSync } from "node:fs";

/**
 * Does `work` on files that are there already, and removes them if it fails. A second signal ends
 * the process at once, and removes them too. `files` may grow meanwhile.
 */
export async function whileUnproven<Result>(
  files: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  const remove = () => {
    for (const file of files) rmSync(file, { force: true });
  };
  process.once("exit", remove);
  try {
    return await work();
  } catch (error) {
    remove();
    throw error;
  } finally {
    process.off("exit", remove);
  }
}
